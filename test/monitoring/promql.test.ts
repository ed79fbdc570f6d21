import { counterIncrease, select } from '../../lib/monitoring/promql';
import { metricsIn, missingMetrics } from './promql';

const logging = (name: string) => ({ namespace: 'logging', name });

test('select matches targets of one namespace', () => {
  expect(select('up', [logging('a')])).toBe('up{namespace="logging",job="a"}');
  expect(select('up', [logging('a'), logging('b')], 'x!="y"')).toBe('up{namespace="logging",job=~"a|b",x!="y"}');
  expect(() => select('up', [logging('a'), { namespace: 'other', name: 'b' }])).toThrow(
    'targets in different namespaces',
  );
});

test('metricsIn returns the metrics and labels of an expression', () => {
  expect(metricsIn('time() - max by (job) (a_total{x="b{c}",y!~"d"}) > 3 or absent(up{job="a"})')).toEqual([
    { metric: 'a_total', labels: ['x', 'y', 'job'] },
    { metric: 'up', labels: ['job'] },
  ]);
  expect(metricsIn('sum by (pod) (rate(a[5m]) / b{}) unless c offset 15m')).toEqual([
    { metric: 'a', labels: ['pod'] },
    { metric: 'b', labels: ['pod'] },
    { metric: 'c', labels: ['pod'] },
  ]);
  expect(metricsIn(`${counterIncrease('a_total{x="y"}', ['x'])} > 0`).map(({ metric }) => metric)).toEqual(
    Array(3).fill('a_total'),
  );
});

test('missingMetrics returns metrics that are missing, or lack a label', () => {
  const served = ['# TYPE a counter', 'a_total{x="1",y="{z=\\"2\\"}"} 1', 'b 2'].join('\n');

  expect(
    missingMetrics(
      [
        { metric: 'a_total', labels: ['x', 'y', 'job'] },
        { metric: 'b', labels: [] },
      ],
      served,
    ),
  ).toEqual([]);
  expect(missingMetrics([{ metric: 'up', labels: ['job'] }], served)).toEqual([]);
  expect(missingMetrics([{ metric: 'a', labels: [] }], served)).toEqual(['a with ']);
  expect(missingMetrics([{ metric: 'a_total', labels: ['z'] }], served)).toEqual(['a_total with z']);
});
