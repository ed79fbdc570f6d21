import { checkRuleFiles } from '../../lib/rules/check-rules';

/** Ids of the findings of an alert with an expression. */
function ids(expr: string, options = {}): string[] {
  const file = { name: 'r.yaml', groups: [{ name: 'g', rules: [{ alert: 'A', expr }] }] };
  return checkRuleFiles([file], options).map(({ id }) => id);
}

const A = '{app="a"} |= "x"';
const COUNT = `count_over_time(${A} [5m])`;

/** Each expression has exactly this mistake; test/checks and test/logql compare the kinds with Loki. */
test.each([
  ['vector-matching', `sum by (app) (${COUNT}) / sum(${COUNT}) > 0.05`],
  ['vector-matching', `sum by (app) (${COUNT}) > 5 and sum(${COUNT}) > 100`],
  ['vector-matching', `sum by (app) (${COUNT}) > 5 unless sum(${COUNT}) > 0`],
  ['vector-matching', `${COUNT} / sum(${COUNT}) > 0.05`],
  ['vector-matching', `sum by (job) (${COUNT}) / on (app) sum by (app) (${COUNT}) > 0.05`],
  ['vector-matching', `sum by (app) (${COUNT}) / vector(60) > 1`],
  ['vector-matching', `sum by (app) (${COUNT}) / sum by (app) (count_over_time({app="b"}[5m])) > 2`],
  ['vector-matching', 'absent_over_time({app="a"}[5m]) and absent_over_time({app="b"}[5m])'],
  ['vector-matching-many', `sum by (app, pod) (${COUNT}) / on (app) sum by (app) (${COUNT}) > 0.5`],
  ['vector-matching-many', `sum by (pod) (${COUNT}) / ignoring (pod) sum(${COUNT}) > 0.5`],
  ['vector-matching-many', `sum(${COUNT}) / on () sum by (pod) (${COUNT}) > 0.5`],
  ['series-per-line', 'count_over_time({app="a"} | json | level="error" [5m]) > 10'],
  ['series-per-line', 'max by (app) (count_over_time({app="a"} | json | level="error" [5m])) > 10'],
  ['series-per-line', 'sum without (pod) (rate({app="a"} | logfmt | level="error" [5m])) > 10'],
  ['series-per-line', 'avg_over_time({app="a"} | logfmt | unwrap took [5m]) > 2'],
  ['series-per-line', 'max by (app) (quantile_over_time(0.9, {app="a"} | logfmt | unwrap took [5m])) > 2'],
  ['topk-alert', `topk(3, sum by (pod) (${COUNT})) > 10`],
  ['topk-alert', `topk(3, sum by (pod) (${COUNT}) unless sum by (pod) (count_over_time(${A} |= "ignored" [5m])))`],
  ['or-precedence', `sum(${COUNT}) or vector(0) > 5`],
  ['or-precedence', `sum(rate(${A} [5m])) or vector(0) > 0.2`],
  ['or-precedence', `(sum(${COUNT}) or vector(0) / (sum(count_over_time({app="a"}[5m])) or vector(1))) > 0.2`],
  [
    'operand-missing',
    `sum(count_over_time({app="a"} |= "started" [1h])) - sum(count_over_time({app="a"} |= "finished" [1h])) > 5`,
  ],
  ['operand-missing', `sum(rate(${A} [5m])) / sum(rate({app="a"}[5m])) < 0.9`],
  ['operand-missing', `1 - sum(rate(${A} [5m])) / sum(rate({app="a"}[5m])) > 0.1`],
  ['operand-missing', 'sum(rate({app="a"}[5m])) < 0.5 * sum(rate({app="a"}[5m] offset 1h))'],
  ['operand-missing', `sum(rate(${A} [5m])) > 3 * sum(rate(${A} [5m] offset 1d))`],
  ['never-matches', 'sum(count_over_time({app="a"} |= "error" != "err" [5m])) > 1'],
  ['never-matches', 'sum(count_over_time({app="a"} |= "timeout error" !~ "time(out)?" [5m])) > 1'],
  ['never-matches', 'sum(count_over_time({app="a"} | json | app="b" [5m])) > 1'],
  ['never-matches', 'sum(count_over_time({app="a"} | json | level="error" | level="warn" [5m])) > 1'],
  ['never-matches', 'sum(count_over_time({app="a"} | json | level="error", level!~"err.*" [5m])) > 1'],
  ['never-matches', 'sum(count_over_time({app="a", app="b"} [5m])) > 1'],
  ['never-matches', 'sum(count_over_time({app="a"} | json | status >= 500 | status < 400 [5m])) > 1'],
  ['never-matches', 'sum(count_over_time({app="a"} | json | took > 2s and took <= 2000ms [5m])) > 1'],
  ['never-matches', 'sum(count_over_time({app="a"} | logfmt | size == 1KB, size != 1000B [5m])) > 1'],
  ['operand-missing', `sum(${COUNT}) != sum(count_over_time({app="a"}[5m]))`],
  ['logfmt-expression-empty', 'sum(count_over_time({app="a"} | logfmt lvl="level" | lvl="error" [5m])) > 1'],
  ['logfmt-expression-empty', 'sum by (lvl) (rate({app="a"} | logfmt lvl="level" [5m])) > 1'],
  ['logfmt-expression-empty', 'sum by (status) (rate({app="a"} | logfmt status, path | path="/pay" [5m])) > 1'],
  ['logfmt-expression-empty', 'sum(sum_over_time({app="a"} | logfmt n="amount" | unwrap n [5m])) > 1'],
  ['logfmt-expression-empty', 'max_over_time({app="a"} | logfmt t="took" | unwrap t [5m]) by (app) > 1'],
  ['logfmt-expression-empty', 'absent_over_time({app="a"} | logfmt lvl="level" | lvl="error" [5m])'],
  ['filter-before-parser', 'sum(count_over_time({app="a"} | status="500" | json [5m])) > 1'],
  ['filter-before-parser', 'sum(count_over_time({app="a"} | code >= 500 | regexp "(?P<code>[0-9]+)" [5m])) > 1'],
  [
    'parser-label-repeated',
    'sum(count_over_time({app="a"} | pattern "<lvl> <_>" | regexp "(?P<lvl>[A-Z]+)" | lvl="X" [5m])) > 1',
  ],
  ['regexp-double-escape', 'sum(count_over_time({app="a"} |~ `5\\\\d` [5m])) > 1'],
  ['regexp-double-escape', 'sum(count_over_time({app="a"} | regexp `(?P<code>\\\\d+)` | code="1" [5m])) > 1'],
  ['regexp-as-text', 'sum(count_over_time({app="a"} |= `5[0-9][0-9]` [5m])) > 1'],
  ['regexp-as-text', 'sum(count_over_time({app="a"} |= "error|fatal" [5m])) > 1'],
  ['regexp-as-text', 'sum(count_over_time({app="a"} |= "user .* failed" [5m])) > 1'],
  ['regexp-as-text', 'sum(count_over_time({app="a"} |= "(?i)error" [5m])) > 1'],
  ['regexp-as-text', 'sum(count_over_time({app="a"} | json | status="5.." [5m])) > 1'],
  ['regexp-as-text', 'sum(count_over_time({app="a|b"} |= "x" [5m])) > 1'],
  ['anchored-regexp', 'sum(count_over_time({app="a"} | json | CommandLine=~`ipconfig\\s+/all` [5m])) > 1'],
  ['anchored-regexp', 'sum(count_over_time({app="a"} | logfmt | msg=~"timeout|refused" [5m])) > 1'],
  ['query-variable', 'sum(count_over_time({job=~"$job"} |= "x" [5m])) > 1'],
  ['query-variable', 'sum(count_over_time({app="a"} |~ "$' + '{search}" [5m])) > 1'],
  ['query-variable', 'sum(count_over_time({app="a"} |~ "(?i)$search" [5m])) > 1'],
  ['query-variable', 'sum(count_over_time({namespace="[[namespace]]"} |= "x" [5m])) > 1'],
  ['query-variable', 'sum(count_over_time({namespace="{{ .Values.namespace }}"} |= "x" [5m])) > 1'],
  ['line-filter-simplified', 'sum(count_over_time({app="a"} |~ "connection error|connection.*failed" [5m])) > 1'],
  ['line-filter-simplified', 'sum(count_over_time({app="a"} |~ "(?i)migration.*(fail|error)" [5m])) > 1'],
  ['line-filter-simplified', 'sum(count_over_time({app="a"} |~ "err(1.*|2.*)" [5m])) > 1'],
  ['line-filter-simplified', 'sum(count_over_time({app="a"} |= "a" or "" [5m])) > 1'],
  ['line-filter-simplified', 'sum(count_over_time({app="a"} |~ "(a|)" [5m])) > 1'],
  ['line-filter-ip-alternatives', 'sum(count_over_time({app="a"} |= ip("10.0.0.0/8") or ip("::1") [5m])) > 1'],
  ['line-filter-order', 'sum(count_over_time({app="a"} | decolorize | json |= "x" [5m])) > 1'],
])('%s: %s', (id, expr) => {
  expect(ids(expr)).toEqual([id]);
});

test.each([
  `sum by (app) (${COUNT}) / on () group_left () sum(${COUNT}) > 0.05`,
  `sum by (app) (${COUNT}) / on (app) group_left (team) sum by (app, team) (count_over_time({app="a", team="t"}[5m])) > 5`,
  `sum by (app, pod) (${COUNT}) / on (app, pod) sum by (app, pod) (count_over_time({app="a"}[5m])) > 0.05`,
  `sum by (app, pod) (${COUNT}) / ignoring (app) sum by (pod) (count_over_time({app="a"}[5m])) > 0.05`,
  `${COUNT} > 5 and on (app) absent_over_time({app="b"}[5m]) or vector(0) > 1`
    .replace(' or vector(0) > 1', '')
    .replace('"b"', '"a"'),
  `(sum(${COUNT}) or vector(0)) > 5`,
  `sum(${COUNT}) or vector(0) > 0`,
  `sum(${COUNT}) or (vector(0) > 5)`,
  `sum by (app) (${COUNT}) > 5 or sum(count_over_time({app="b"} |= "y" [5m])) > 5`,
  'sum(count_over_time({app="a"} | json | level="error" [5m])) > 10',
  'count_over_time({app="a"} | json level | level="error" [5m]) > 10',
  'count_over_time({app="a"} | json | level="error" | keep app, level [5m]) > 10',
  'max by (app) (max_over_time({app="a"} | logfmt | unwrap took [5m])) > 2',
  'avg_over_time({app="a"} | logfmt | unwrap took [5m]) by (app) > 2',
  'count(sum by (user) (count_over_time({app="a"} | logfmt | user!="" [5m]))) > 20',
  `sum(topk(3, sum by (pod) (${COUNT}))) > 10`,
  `topk(3, sum by (pod) (${COUNT}) unless sum by (pod) (count_over_time(${A} [5m] offset 5m)))`,
  `(sum(rate(${A} [5m])) or vector(0)) / sum(rate({app="a"}[5m])) < 0.9`,
  `sum(rate(${A} [5m])) / sum(rate({app="a"}[5m])) > 0.1`,
  'sum(rate({app="a"}[5m])) > 2 * sum(rate({app="a"}[1h]))',
  'sum(rate({app="a"}[5m])) > 2 * sum(rate({app="a"}[5m] offset 1h))',
  'count_over_time({app="a"} | unpack | __error__="" [5m]) > 10',
  'sum(count_over_time({app="a"} |= "error" != "errors=0" [5m])) > 1',
  'sum(count_over_time({app="a"} |= "error" or "warn" != "error" [5m])) > 1',
  'sum(count_over_time({app="a"} |= "error" !~ "^error" [5m])) > 1',
  'sum(count_over_time({app=~"a|b"} | json | app="b" | __error__="" [5m])) > 1',
  'sum(count_over_time({app="a"} | json | app_extracted="b" [5m])) > 1',
  'sum(count_over_time({app="a"} | json | level="error" or level="warn" [5m])) > 1',
  'sum(count_over_time({app="a"} | json | level="error" | line_format "{{.msg}}" | logfmt | step="x" [5m])) > 1',
  'sum(count_over_time({app="a"} | level="error" | json | status="500" [5m])) > 1',
  'sum(count_over_time({app="a"} | detected_level="error" | json | __error__="" [5m])) > 1',
  'sum(count_over_time({app="a"} |~ `C:\\\\data` [5m])) > 1',
  'sum(count_over_time({app="a"} |~ "5\\\\d" [5m])) > 1',
  'sum(count_over_time({app="a"} |= "GET /a?b=1" [5m])) > 1',
  'sum(count_over_time({app="a"} |= "[ERROR]" [5m])) > 1',
  'sum(count_over_time({app="a"} |= "|ERROR|" [5m])) > 1',
  'sum(count_over_time({app="a"} |= "a.b.c(x)" [5m])) > 1',
  'sum(count_over_time({app="a"} |= "loading..." [5m])) > 1',
  'sum(count_over_time({app="a"} |= "$' + '{jndi:" [5m])) > 1',
  'sum(count_over_time({app="a"} |= "cost $5" [5m])) > 1',
  'sum(count_over_time({app="a"} |~ "done$|failed$" [5m])) > 1',
  'sum(count_over_time({app="a"} |~ "\\\\$HOME" [5m])) > 1',
  'sum(count_over_time({app="a"} | json | msg=~".*timeout.*" [5m])) > 1',
  'sum(count_over_time({app="a"} | json | err=~"ECONNREFUSED|ETIMEDOUT" [5m])) > 1',
  'sum(count_over_time({app="a"} | json | status=~"5.." [5m])) > 1',
  'sum(count_over_time({app="a"} |~ "(?s)connection.*(error|failed)" [5m])) > 1',
  'sum(count_over_time({app="a"} |~ "(?i)error|fatal|panic" [5m])) > 1',
  'sum(count_over_time({app="a"} |~ "a.*b.*(c|d)" [5m])) > 1',
  'sum(count_over_time({app="a"} |= "x" | decolorize [5m])) > 1',
  'sum(count_over_time({app="a"} != ip("10.0.0.0/8") or ip("::1") [5m])) > 1',
  'sum(count_over_time({app="a"} | json | status >= 400 | status < 500 | __error__="" [5m])) > 1',
  'sum(count_over_time({app="a"} | json | status >= 500 or status < 400 [5m])) > 1',
  'sum(count_over_time({app="a"} | json | status >= 500 | label_format status=code | status < 400 [5m])) > 1',
  'sum(count_over_time({app="a"} | json | took > 2s | took > 1s [5m])) > 1',
  `sum(${COUNT}) != 3`,
  'sum(count_over_time({app="a"} | logfmt level | level="error" [5m])) > 1',
  'sum(count_over_time({app="a"} | logfmt | label_format lvl=level | lvl="error" [5m])) > 1',
  'sum by (app) (rate({app="a"} | logfmt level, msg | level="error" [5m])) > 1',
  'count_over_time({app="a"} | logfmt lvl="level", m="msg" | lvl="error" [5m]) > 1',
  'sum(count_over_time({app="a"} | json lvl="level", m="msg" | lvl="error" [5m])) > 1',
  'sum without (pod) (rate({app="a"} | logfmt lvl="level" | lvl="error" [5m])) > 1',
  'max by (app) (count_over_time({app="a"} | logfmt lvl="level" | lvl="error" [5m])) > 1',
])('no finding: %s', (expr) => {
  expect(ids(expr)).toEqual([]);
});

test('the version of Loki decides which of its faults are reported', () => {
  const order = 'sum(count_over_time({app="a"} | decolorize |= "x" [5m])) > 1';
  expect(ids(order, { lokiVersion: '2.8.11' })).toEqual([]);
  expect(ids(order, { lokiVersion: '2.9.0' })).toEqual(['line-filter-order']);
  const address = 'sum(count_over_time({app="a"} |= ip("10.0.0.0/8") or ip("::1") [5m])) > 1';
  expect(ids(address, { lokiVersion: '3.7.8' })).toEqual(['line-filter-ip-alternatives']);
  expect(ids(address, { lokiVersion: '3.8.0' })).toEqual([]);
});

test.each([
  ['$' + '{labels.app} is down', 1],
  ['$' + '{value} errors', 1],
  ['{{ printf "%.0f" $value }} errors', 0],
  ['costs $5, see $HOME', 0],
])('text of a template that is printed as it is: %s', (text, count) => {
  const rule = { alert: 'A', expr: `sum by (app) (${COUNT}) > 5`, annotations: { text } };
  const found = checkRuleFiles([{ name: 'r.yaml', groups: [{ name: 'g', rules: [rule] }] }]);
  expect(found.map(({ id }) => id)).toEqual(Array(count).fill('rule-template-text'));
});

test('the version of Loki decides which functions templates have', () => {
  const annotations = { text: '{{ (toTime now).UnixMilli }}' };
  const rule = { alert: 'A', expr: `sum(${COUNT}) > 1`, annotations };
  const file = { name: 'r.yaml', groups: [{ name: 'g', rules: [rule] }] };
  const problems = (lokiVersion: string) =>
    checkRuleFiles([file], { lokiVersion }).map(({ problem, fix }) => `${problem}: ${fix}`);

  expect(problems('3.5.9')).toEqual([
    'invalid template: function "now" not defined before version 3.6.0: remove it, or upgrade Loki',
  ]);
  expect(problems('3.6.0')).toEqual([]);
});
