import { goEnv } from '../../lib/kubernetes/go';
import { quantityValue } from '../../lib/kubernetes/quantity';
import { LOKI_RESOURCES } from '../../lib/loki/loki';
import { embeddedCacheMb, MIN_MEMORY, MIN_MEMORY_WITH_REPLAY, replayMemoryCeiling } from '../../lib/loki/memory';
import { LOKI_TARGETS } from '../../lib/loki/targets';
import fc from '../support/properties';

const MEBIBYTE = 2 ** 20;
const ceiling = (limit: number) => Number(/^(\d+)MB$/.exec(replayMemoryCeiling(limit))?.[1]) * MEBIBYTE;

const limits = fc.integer({ min: Math.ceil(MIN_MEMORY_WITH_REPLAY), max: 2 ** 40 });

test('fits Loki, a replay and caches into the share of Go at any valid limit', () => {
  fc.assert(
    fc.property(limits, (limit) => {
      const [goMemory] = goEnv({ ...LOKI_RESOURCES, memoryLimit: `${limit}` }, {});
      const filled = Number.parseInt(goMemory?.value ?? '', 10) * MEBIBYTE;
      // Each is rounded down to whole MiB.
      expect(filled + MEBIBYTE - ceiling(limit)).toBeGreaterThanOrEqual(155 * MEBIBYTE);
      expect(embeddedCacheMb(limit) * 1e6).toBeLessThanOrEqual(limit / 10);
    }),
  );
});

test('never returns less for more memory', () => {
  fc.assert(
    fc.property(limits, limits, (one, other) => {
      const [less, more] = [one, other].sort((a, b) => a - b) as [number, number];
      expect(ceiling(more)).toBeGreaterThanOrEqual(ceiling(less));
      expect(embeddedCacheMb(more)).toBeGreaterThanOrEqual(embeddedCacheMb(less));
    }),
  );
});

test('the default limits are valid', () => {
  expect(quantityValue(LOKI_RESOURCES.memoryLimit)).toBeGreaterThan(MIN_MEMORY_WITH_REPLAY);
  expect(quantityValue(LOKI_TARGETS.ingester.resources.memoryLimit)).toBeGreaterThan(MIN_MEMORY_WITH_REPLAY);
  for (const { resources } of Object.values(LOKI_TARGETS))
    expect(quantityValue(resources.memoryLimit)).toBeGreaterThan(MIN_MEMORY);
});
