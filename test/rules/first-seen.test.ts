import { firstSeen, isAlert } from '../../lib';
import { checkRuleFiles } from '../../lib/rules/check-rules';
import { newErrors } from '../../rules';

const QUERY = '{namespace="shop"} |= "error"';

test('compares recent shapes with those before, by source', () => {
  const expr = firstSeen(QUERY, { within: '1d', recent: '10m', by: ['app'] });

  expect(expr.replace(/ \| label_format shape=".*?" \[/g, ' | … [')).toBe(
    [
      'topk by (app) (5,',
      '  sum by (app, shape) (count_over_time({namespace="shop"} |= "error" | … [10m]))',
      '  unless sum by (app, shape) (count_over_time({namespace="shop"} |= "error" | … [1d] offset 10m))',
      '  unless on (app) (count by (app) (sum by (app, shape) (count_over_time({namespace="shop"} |= "error" | … [10m] offset 10m))) > 100)',
      ')',
    ].join('\n'),
  );
});

test.each([[['namespace', 'app']], [['app']], [[]]])('has no findings, by %j', (by) => {
  const alert = {
    alert: 'New',
    expr: firstSeen(QUERY, { within: '1d', by }),
    annotations: { title: `${by.map((name) => `{{ $labels.${name} }}`).join('/')}: {{ $labels.shape }}` },
  };
  expect(checkRuleFiles([{ name: 'r.yaml', groups: [{ name: 'g', rules: [alert] }] }])).toEqual([]);
});

test('reports all wrong options at once, with their fix', () => {
  const rejected = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      return (error as Error).message.split('\n').slice(1);
    }
    return [];
  };
  const wrong = { within: '1.5d', recent: '0s', by: ['app', 'a-b'], cut: 0 } as never;

  expect(rejected(() => firstSeen('{namespace="shop"', wrong))).toEqual([
    `  firstSeen: option 'within': "1.5d" is not a valid duration: use whole numbers with units, e.g. "30s" or "1h30m"`,
    `  firstSeen: option 'recent': "0s" is not longer than 0: use e.g. "30s"`,
    `  firstSeen: option 'by.1': "a-b" is not a valid label name: use letters, digits and _`,
    `  firstSeen: option 'query': unexpected end of the query, expected \`}\`: correct it`,
    `  firstSeen: option 'cut': is not an option: use one of within, recent, by, query`,
  ]);
  expect(rejected(() => firstSeen('rate({namespace="shop"}[5m])', { within: '1d' }))).toEqual([
    `  firstSeen: option 'query': expected a log query, got a metric query: use a stream selector and stages, as in {app="shop"} |= "error"`,
  ]);
  expect(rejected(() => firstSeen(QUERY, undefined as never))).toEqual([`  firstSeen: option 'within': is missing`]);
  expect(rejected(() => newErrors({ grafanaUrl: '', selector: 'shop', interval: '1.5m', within: '0s' }))).toEqual([
    expect.stringContaining("  newErrors: option 'selector': unexpected `shop`, expected a query"),
    `  newErrors: option 'interval': "1.5m" is not a valid duration: use whole numbers with units, e.g. "30s" or "1h30m"`,
    `  newErrors: option 'within': "0s" is not longer than 0: use e.g. "30s"`,
  ]);
});

test('the rule covers its interval and late lines, and needs logs of half the time', () => {
  const [rule] =
    newErrors({ grafanaUrl: 'http://localhost:3000', interval: '5m', within: '12h' }).groups[0]?.rules ?? [];
  const expr = rule && isAlert(rule) ? rule.expr : '';

  expect(expr).toContain('[20m]))');
  expect(expr).toContain('[12h] offset 20m))');
  expect(expr).toContain('sum(count_over_time({app="log-canary"}[12h])) >= 2160');
});
