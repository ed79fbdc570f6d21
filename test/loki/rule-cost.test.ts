import { CPU_PER_MILLION_LINES, ruleCosts } from '../../lib/loki/rule-cost';

const costs = (expr: string, interval?: string) =>
  ruleCosts([{ name: 'a.yaml', groups: [{ name: 'g', interval, rules: [{ alert: 'A', expr }] }] }], {
    linesPerSecond: 1e6,
    evaluationInterval: '1m',
  })[0];

test.each([
  ['count', 'sum(rate({job=~".+"}[1m])) > 1'],
  ['field', 'sum(rate({job=~".+"} | detected_level="error" [1m])) > 1'],
  ['text', 'sum(rate({job=~".+"} |= "panic" |~ "^panic" [1m])) > 1'],
  ['regexp', 'sum(rate({job=~".+"} |~ "^panic" |= "panic" [1m])) > 1'],
  ['count', 'sum(rate({job=~".+"} | json | level="error" [1m])) > 1'],
] as const)('%s: %s', (way, expr) => {
  expect(costs(expr)).toEqual({
    rule: 'A (g)',
    intervalSeconds: 60,
    readSeconds: 60,
    cpuSeconds: 60 * CPU_PER_MILLION_LINES[way],
    cores: CPU_PER_MILLION_LINES[way],
  });
});

test('sums up all ranges per evaluation of the group', () => {
  const expr = 'sum(rate({job=~".+"}[10m] offset 1h)) > 1 unless sum(rate({app!="loki", job=~".+"}[5m]))';
  expect(costs(expr, '5m')?.readSeconds).toBe(900);
  expect(costs(expr, '5m')?.cores).toBeCloseTo(3 * CPU_PER_MILLION_LINES.count);
});

test('returns no cost for rules that select an app or read no logs', () => {
  expect(costs('sum(rate({app="shop"}[1h])) > 1')).toMatchObject({ readSeconds: 0, cores: 0 });
  expect(costs('vector(1) > 0')).toMatchObject({ readSeconds: 0, cores: 0 });
});
