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

test.each([
  ['{namespace="shop"', '1d', 'firstSeen: '],
  ['rate({namespace="shop"}[5m])', '1d', 'firstSeen: expected a log query, got "rate({namespace=\\"shop\\"}[5m])"'],
  [QUERY, '1.5d', `firstSeen: invalid duration "1.5d" in 'within': use e.g. "1d" or "30m"`],
  [QUERY, '0s', `firstSeen: invalid duration "0s" in 'within': use e.g. "1d" or "30m"`],
])('rejects %s within %s', (query, within, message) => {
  expect(() => firstSeen(query, { within })).toThrow(message);
});

test('the rule covers its interval and late lines, and needs logs of half the time', () => {
  const [rule] =
    newErrors({ grafanaUrl: 'http://localhost:3000', interval: '5m', within: '12h' }).groups[0]?.rules ?? [];
  const expr = rule && isAlert(rule) ? rule.expr : '';

  expect(expr).toContain('[20m]))');
  expect(expr).toContain('[12h] offset 20m))');
  expect(expr).toContain('sum(count_over_time({app="log-canary"}[12h])) >= 2160');
});
