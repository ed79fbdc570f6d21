import { type Expr, type ParseResult, parseLogQL } from '../../lib/logql';

const ids = (query: string): string[] => parseLogQL(query).problems.map(({ id }) => id);
const tree = (query: string): Expr => {
  const { expr, problems } = parseLogQL(query);
  expect(problems).toEqual([]);
  return expr as Expr;
};

describe('queries that Loki refuses', () => {
  test.each([
    ['rate({app="web"}[5m]', 'logql-syntax'],
    ['rate({app="web"}[1.5m])', 'logql-syntax'],
    ['sum by (json) (rate({app="web"}[5m]))', 'logql-syntax'],
    ['{app=~".*"}', 'logql-matchers'],
    ['{app=~"("}', 'logql-regex'],
    ['{app="web"} | regexp "x"', 'logql-regex'],
    ['{app="web"} | pattern "<a><b>"', 'logql-pattern'],
    ['rate({app="web"}[5m]) by (app)', 'logql-grouping'],
    ['topk(0, rate({app="web"}[5m]))', 'logql-parameter'],
    ['sum_over_time({app="web"}[5m])', 'logql-unwrap'],
    ['count_over_time({app="web"} | unwrap took [5m])', 'logql-unwrap'],
    ['vector(1) or 2', 'logql-binary-operation'],
    ['{app="web"} > 1', 'logql-binary-operation'],
    ['label_replace(vector(1), "a", "b", "c", "(")', 'logql-label-replace'],
    ['vector(0b1) > 1', 'logql-number'],
  ])('%s: reports %s', (query, id) => {
    expect(ids(query)).toEqual([id]);
  });

  test('reports all problems at once, each with its place', () => {
    const query = 'topk(0, rate({app=~".*"}[5m]) by (app)) or 1';
    expect(parseLogQL(query).problems.map(({ id, from, to }) => [id, query.slice(from, to)])).toEqual([
      ['logql-matchers', '{app=~".*"}'],
      ['logql-grouping', 'by (app)'],
      ['logql-parameter', 'topk(0, rate({app=~".*"}[5m]) by (app))'],
      ['logql-binary-operation', '1'],
    ]);
  });

  test('reports a query of 128 KiB', () => {
    expect(ids(`{app="${'x'.repeat(131_072)}"}`)).toEqual(['logql-too-long']);
  });

  test('the message contains the fix', () => {
    expect(parseLogQL('rate({app="web"}[1.5m])').problems[0]).toMatchObject({
      problem: 'unknown unit "." in [1.5m]',
      fix: 'use whole numbers with units, e.g. [5m] or [1h30m]',
    });
    expect(parseLogQL('sum({app="web"})').problems[0]).toMatchObject({
      problem: 'expected series, got a log query',
      fix: 'use count_over_time(… [5m]) or rate(… [5m])',
    });
  });
});

describe('the syntax tree', () => {
  test('contains all parts of an alert', () => {
    expect(
      tree('sum by (app) (rate({app=~"a|b"} |= "error" | json status="s" | status >= 500 [5m] offset 1m)) > 10'),
    ).toMatchObject({
      kind: 'binary',
      operator: '>',
      left: {
        kind: 'aggregation',
        operation: 'sum',
        grouping: { without: false, labels: ['app'] },
        operand: {
          kind: 'range',
          operation: 'rate',
          range: {
            selector: { matchers: [{ name: 'app', operator: '=~', value: { value: 'a|b' } }] },
            stages: [
              { kind: 'line-filter', operator: '|=', alternatives: [{ text: { value: 'error' }, ip: false }] },
              { kind: 'parser', parser: 'json', extractions: [{ label: 'status', expression: 's' }] },
              { kind: 'label-filter', filter: { name: 'status', operator: '>=', type: 'number', value: 500 } },
            ],
            milliseconds: 300_000,
            offsetMilliseconds: 60_000,
          },
        },
      },
      right: { kind: 'number', value: 10 },
    });
  });

  test('has the operator precedence of Loki', () => {
    const shape = (expr: Expr): string =>
      expr.kind === 'binary' ? `(${shape(expr.left)} ${expr.operator} ${shape(expr.right)})` : 'v';
    const v = 'vector(1)';
    expect(shape(tree(`${v} or ${v} and ${v} > ${v} + ${v} * ${v} ^ ${v} ^ ${v} - ${v}`))).toBe(
      '(v or (v and (v > ((v + (v * (v ^ (v ^ v)))) - v))))',
    );
  });

  test('contains the results of operations between numbers', () => {
    expect(tree('vector(1) > (2 + 3) * 4')).toMatchObject({ right: { kind: 'number', value: 20 } });
  });

  test('has the precedence of label filters in Loki: a space or comma applies to all that follows', () => {
    const { expr } = parseLogQL('{app="web"} | a="1" or b="2" and c > 3 d < 4s') as ParseResult & { expr: Expr };
    expect(expr).toMatchObject({
      stages: [
        {
          filter: {
            kind: 'label-or',
            left: { name: 'a' },
            right: {
              kind: 'label-and',
              left: { name: 'b' },
              right: { kind: 'label-and', left: { name: 'c' }, right: { name: 'd', type: 'duration', value: 4 } },
            },
          },
        },
      ],
    });
  });

  test('has the offsets of every node', () => {
    const query = '1 + sum( (rate({a="b"}[5m])) ) by (a)';
    const { expr } = parseLogQL(query);
    expect(expr).toMatchObject({ from: 0, to: query.length, right: { from: 4, operand: { from: 9, to: 28 } } });
  });
});

describe('hostile queries', () => {
  test.each([
    ['parentheses', `${'('.repeat(60_000)}1${')'.repeat(60_000)}`, true],
    ['a long sum', `vector(1)${'+vector(1)'.repeat(12_000)}`, true],
    ['label filters', `{a="b"} | ${'('.repeat(60_000)}a="b"${')'.repeat(60_000)}`, true],
    ['an expression of 200 KB', '('.repeat(200_000), false],
    ['a regular expression that is too large', `{a=~"${'x{1000}'.repeat(5000)}"}`, false],
    ['more comments than the stack of Loki holds', `${'#\n'.repeat(3000)}{a="b"}`, false],
  ])('ends, without an exception, on %s', (_name, query, valid) => {
    expect(parseLogQL(query).problems.length === 0).toBe(valid);
  });
});

test.each([
  ['sum(rate({service.name="x"}[5m])) > 1', 'use service_name'],
  ['sum by (k8s.pod.name) (rate({app="x"}[5m])) > 1', 'use k8s_pod_name'],
  ['sum(rate({app="a"} | json | http.status=500 [5m])) > 1', 'use http_status'],
  ['rate(http_requests_total[5m]) > 1', 'LogQL has no metrics'],
  ['increase({app="x"}[5m]) > 1', 'use count_over_time'],
  ['sum(bytes_rate({app="a"}[5m])) >= 1.5MB', 'use a number of bytes: 1500000'],
  ['avg_over_time({app="a"} | logfmt | unwrap took [5m]) by (app) > 500ms', 'use a number: 0.5'],
  ['sum by app (rate({app="a"}[5m])) > 1', 'put the labels in parentheses: sum by (app) (…)'],
  ['max without pod, node (rate({app="a"}[5m]))', 'put the labels in parentheses: max without (pod, node) (…)'],
  ['sum(rate({app="a"} | json | status >= "500" [5m])) > 1', 'write the number without quotes: 500'],
  ['sum(rate({app=~"*"}[5m])) > 1', 'use =~".+" for all values'],
  ['sum(rate({app!~"*-api"}[5m])) > 1', 'use !~".*-api"'],
  ['sum(rate({app="a"}[5m])) > 5%', 'use a fraction: 0.05'],
  ['sum(rate({app="a"} |~ "a" or |~ "b" [5m])) > 1', 'write the operator once: |~ "a" or "b"'],
  ['sum(rate({app="a"} |= "a" and |= "b" [5m])) > 1', 'one after another'],
  ["sum(rate({app='a'}[5m])) > 1", 'use double quotes: "a"'],
  ['sum(rate({app=a}[5m])) > 1', 'put the value in quotes: "a"'],
  ['sum(rate({"app"="a"}[5m])) > 1', 'without quotes: app'],
  ['sum(rate({app="a"}[5m])) > $limit', 'rules have no variables'],
  ['count_over_tme({app="a"}[5m]) > 1', "'count_over_time'"],
])('%s: the fix is %s', (query, fix) => {
  expect(parseLogQL(query).problems[0]?.fix).toContain(fix);
});
