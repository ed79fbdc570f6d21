import { type Expr, neverEvaluates, parseLogQL } from '../../lib/logql';

const ids = (query: string): string[] => neverEvaluates(parseLogQL(query).expr as Expr).map(({ id }) => id);
const rate = (pipeline: string): string => `rate({app="web"} ${pipeline} [5m])`;

// Measured on Loki 3.7.8: each of the first list fails as a rule, each of the second list works.
test.each([
  ['{app="web"} |= "error"', 'rule-log-query'],
  [`variants(${rate('')}) of ({app="web"}[5m])`, 'rule-variants'],
  ['sum(1) > 0', 'number-operand'],
  ['label_replace(1, "a", "b", "c", "d")', 'number-operand'],
  [rate('|~ "("'), 'line-filter-regex'],
  [rate('!~ "ok" or "("'), 'line-filter-regex'],
  [rate('|> "<a> x"'), 'line-filter-pattern'],
  [rate('|> "<_><_>"'), 'line-filter-pattern'],
  [rate('|~ ip("10.0.0.1")'), 'ip-filter'],
  [rate('|= ip("nope")'), 'ip-filter'],
  [rate('| addr = ip("10.0.0.9-10.0.0.1")'), 'ip-filter'],
  [rate('| line_format "{{.a" |= "b"'), 'format-template'],
  [rate('| line_format "{{nope .a}}" | json'), 'template-function'],
  [`bytes_rate({app="web"} | line_format "{{.a" [5m])`, 'format-template'],
  [rate('| label_format a="{{$x}}"'), 'format-template'],
  [rate('| label_format __error__=x'), 'label-format'],
  [rate('| label_format x=a, x=b'), 'label-format'],
  [rate('| json x="a["'), 'extraction'],
  [rate('| logfmt x="a.b"'), 'extraction'],
])('%s: reports %s', (query, id) => {
  expect(ids(query)).toEqual([id]);
});

test.each([
  'approx_topk(2, sum by (app) (rate({app="web"}[5m])))',
  'vector(1) > 0',
  '1 > 0',
  rate('|> ""'),
  rate('|= ip("10.0.0.0/8")'),
  rate('| json a="b[0].c", d="[\\"e\\"]"'),
  rate('| logfmt a="b"'),
  rate('| line_format "{{.a | lower}}" |= "b"'),
  rate('| json | line_format "{{.a" | level="b"'),
  rate('|~ "(?P<n>a)(?P<n>b)"'),
])('accepts %s', (query) => {
  expect(ids(query)).toEqual([]);
});

test('a problem has the place of its text', () => {
  const query = rate('| line_format "{{nope .a}}" |~ "("');
  expect(neverEvaluates(parseLogQL(query).expr as Expr).map(({ from, to }) => query.slice(from, to))).toEqual([
    '"{{nope .a}}"',
    '"("',
  ]);
});
