import { grown, select } from '../../lib/monitoring/promql';
import { asked, notServed } from './promql';

const logging = (name: string) => ({ namespace: 'logging', name });

test('targets of one namespace are selected together', () => {
  expect(select('up', [logging('a')])).toBe('up{namespace="logging",job="a"}');
  expect(select('up', [logging('a'), logging('b')], 'x!="y"')).toBe('up{namespace="logging",job=~"a|b",x!="y"}');
  expect(() => select('up', [logging('a'), { namespace: 'other', name: 'b' }])).toThrow('several namespaces');
});

test('the metrics and labels that an expression asks for', () => {
  expect(asked('time() - max by (job) (a_total{x="b{c}",y!~"d"}) > 3 or absent(up{job="a"})')).toEqual([
    { metric: 'a_total', labels: ['x', 'y', 'job'] },
    { metric: 'up', labels: ['job'] },
  ]);
  expect(asked('sum by (pod) (rate(a[5m]) / b{}) unless c offset 15m')).toEqual([
    { metric: 'a', labels: ['pod'] },
    { metric: 'b', labels: ['pod'] },
    { metric: 'c', labels: ['pod'] },
  ]);
  expect(asked(`${grown('a_total{x="y"}', ['x'])} > 0`).map(({ metric }) => metric)).toEqual(Array(3).fill('a_total'));
});

test('a metric or a label that nobody serves is told', () => {
  const served = ['# TYPE a counter', 'a_total{x="1",y="{z=\\"2\\"}"} 1', 'b 2'].join('\n');

  expect(
    notServed(
      [
        { metric: 'a_total', labels: ['x', 'y', 'job'] },
        { metric: 'b', labels: [] },
      ],
      served,
    ),
  ).toEqual([]);
  expect(notServed([{ metric: 'up', labels: ['job'] }], served)).toEqual([]);
  expect(notServed([{ metric: 'a', labels: [] }], served)).toEqual(['a with ']);
  expect(notServed([{ metric: 'a_total', labels: ['z'] }], served)).toEqual(['a_total with z']);
});
