import { silent, wentSilent } from '../../lib/rules/absence';
import { checkRuleFiles } from '../../lib/rules/check-rules';

const check = (expr: string, label: string) =>
  checkRuleFiles([
    {
      name: 'r.yaml',
      groups: [{ name: 'g', rules: [{ alert: 'A', expr, annotations: { title: `{{ $labels.${label} }}` } }] }],
    },
  ]);

test('silent returns absent_over_time of the selector', () => {
  const expr = silent({ query: '{app="web"} |= "beat"', range: '10m' });
  expect(expr).toBe('absent_over_time({app="web"} |= "beat" [10m])');
  expect(check(expr, 'app')).toEqual([]);
});

test('wentSilent compares each source with its own past', () => {
  const expr = wentSilent({ query: '{app=~".+"}', range: '10m', since: '1d', by: ['namespace', 'app'] });
  expect(expr).toBe(
    'sum by (namespace, app) (count_over_time({app=~".+"} [1d])) unless sum by (namespace, app) (count_over_time({app=~".+"} [10m]))',
  );
  expect(check(expr, 'namespace')).toEqual([]);
});
