import { goEnv } from '../../lib/kubernetes/go';
import type { Resources } from '../../lib/kubernetes/resources';
import fc from '../support/properties';

const RESOURCES: Resources = { cpu: '150m', memory: '256Mi', memoryLimit: '1Gi' };

function go(resources: Partial<Resources>, memoryShare?: number) {
  const [memory, threads] = goEnv({ ...RESOURCES, ...resources }, { memoryShare });
  return { mebibytes: Number(/^(\d+)MiB$/.exec(memory?.value ?? '')?.[1]), threads: Number(threads?.value) };
}

test.each<[Partial<Resources>, number]>([
  [{ cpu: '150m' }, 4],
  [{ cpu: '2' }, 4],
  [{ cpu: '2100m' }, 5],
  [{ cpu: '16' }, 32],
  [{ cpu: '150m', cpuLimit: '500m' }, 2],
  [{ cpu: '1', cpuLimit: '2500m' }, 3],
])('returns the threads for %j', (resources, threads) => {
  expect(go(resources).threads).toBe(threads);
});

test('limits Go to its share of the memory limit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 2 ** 20 }), fc.double({ min: 0.1, max: 1, noNaN: true }), (limit, share) => {
      const { mebibytes } = go({ memoryLimit: `${limit}Mi` }, share);
      expect(mebibytes).toBeLessThanOrEqual(limit * share);
      expect(mebibytes).toBeGreaterThan(limit * share - 1);
    }),
  );
  expect(go({ memoryLimit: '1Gi' }).mebibytes).toBe(921);
});

test('never returns fewer threads for more CPU, and at least one per core', () => {
  const milli = fc.integer({ min: 1, max: 200_000 });
  fc.assert(
    fc.property(milli, milli, (one, other) => {
      const [less, more] = [one, other].sort((a, b) => a - b) as [number, number];
      for (const key of ['cpu', 'cpuLimit'] as const) {
        const threads = (cpu: number) => go({ [key]: `${cpu}m` }).threads;
        expect(threads(more)).toBeGreaterThanOrEqual(threads(less));
        expect(threads(more) * 1000).toBeGreaterThanOrEqual(more);
      }
    }),
  );
});
