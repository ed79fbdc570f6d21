import { quantityValue } from '../../lib/kubernetes/quantity';
import { type CapacityInput, capacity, MAX_BYTES_PER_DAY } from '../../lib/loki/capacity';
import { LOKI_TARGETS, type LokiTargetName } from '../../lib/loki/targets';
import { checkLogAlertingOptions } from '../../lib/stack/validate-props';
import { PRODUCTION, PROPS } from '../manifests/synth';
import fc from '../support/properties';

const DAY = 86_400;
const TERA = 1e12;

/** Returns a load with lines of 100 bytes. */
const input = (bytesPerDay: number, instead: Partial<CapacityInput> = {}): CapacityInput => ({
  linesPerSecond: bytesPerDay / DAY / 100,
  lineBytes: 100,
  retentionSeconds: 30 * DAY,
  ...instead,
});

test.each<[string, number, object]>([
  ['3 TB', 3 * TERA, { ingester: 6, distributor: 4, 'index-gateway': 4, querier: 10, 'query-frontend': 2 }],
  ['30 TB', 30 * TERA, { ingester: 90, distributor: 40, 'index-gateway': 10, querier: 100, 'query-frontend': 8 }],
])("returns Grafana's sizes for %s per day", (_, bytesPerDay, replicas) => {
  expect(capacity(input(bytesPerDay)).options.replicas).toMatchObject(replicas);
});

test("returns this project's default sizes for a small load", () => {
  const { options, pods } = capacity(input(1));
  const { replicas } = options;
  for (const name of Object.keys(LOKI_TARGETS) as LokiTargetName[]) {
    const own = LOKI_TARGETS[name];
    const { memory } = pods[`loki-${name}`].resources;
    // Memory is rounded up to an eighth of a GiB.
    expect(quantityValue(memory)).toBeLessThanOrEqual(quantityValue(own.resources.memory) + 2 ** 27);
    expect({ ...replicas, compactor: 1 }[name]).toBeLessThanOrEqual(own.replicas + 1);
  }
});

test('computes the bucket from retention, load and copies, and disks from the write-ahead log', () => {
  const { bucketBytes } = capacity(input(TERA));

  expect(capacity(input(TERA, { retentionSeconds: 60 * DAY })).bucketBytes).toBeCloseTo(2 * bucketBytes);
  expect(capacity(input(TERA, { replicationFactor: 1 })).bucketBytes).toBeCloseTo(bucketBytes / 3);
  const { walBytes, options } = capacity(input(3 * TERA));
  expect(walBytes).toBeCloseTo((600 * 3 * ((3 * TERA) / DAY)) / 6);
  expect(quantityValue(options.storage)).toBeGreaterThan(2 * walBytes);
});

test('sets the ingestion limit to twice the average of the busiest hour', () => {
  const { limits } = capacity(input(20 * TERA)).options;
  expect((limits.ingestion_rate_mb * 2 ** 20 * DAY) / (20 * TERA)).toBeCloseTo(2, 1);
  expect(limits.ingestion_burst_size_mb).toBe(2 * limits.ingestion_rate_mb);
  // The default.
  expect(capacity(input(1)).options.limits).toEqual({ ingestion_rate_mb: 20, ingestion_burst_size_mb: 40 });
});

test('rejects a load above the documented maximum', () => {
  expect(() => capacity(input(MAX_BYTES_PER_DAY * 1.01))).toThrow(
    /^30.3 TB per day exceed the documented maximum of 30 TB/,
  );
});

test('computes rulers from the cost of the rules per copy', () => {
  const rule = { rule: 'A (g)', intervalSeconds: 60, readSeconds: 60, cpuSeconds: 100, cores: 2 };
  const { options, pods, ruleCores } = capacity(input(TERA, { rules: [rule, rule] }));

  expect(ruleCores).toBe(12);
  expect(options.replicas.ruler).toBe(12);
  expect(pods['loki-ruler'].resources.cpu).toBe('1000m');
  expect(capacity(input(TERA)).options.replicas.ruler).toBe(LOKI_TARGETS.ruler.replicas);
});

describe('one Loki', () => {
  const light = { rule: 'A (g)', intervalSeconds: 60, readSeconds: 60, cpuSeconds: 3, cores: 0.05 };

  test('suffices for a small load, with a volume that fills below the threshold of the alert', () => {
    const { single } = capacity({ linesPerSecond: 1000, lineBytes: 200, retentionSeconds: DAY, rules: [light] });

    expect(single.obstacles).toEqual([]);
    expect(single.cores).toBeCloseTo(0.0573);
    expect(single.volumeBytes).toBeCloseTo((200_000 * (0.1 * DAY + 600)) / 0.8);
  });

  test.each([
    ['more cores than were measured', { cores: 1.1 }, /^lines and rules need 1.1 cores, more than the 1 measured/],
    ['a rule that takes longer than its interval', { cpuSeconds: 61 }, /^an evaluation of A \(g\) takes 61 s/],
    ['a rule past the query_timeout', { cpuSeconds: 301, intervalSeconds: 600 }, /query_timeout of 300 s/],
  ])('does not suffice for %s', (_, instead, obstacle) => {
    const load = { linesPerSecond: 1000, lineBytes: 200, retentionSeconds: DAY, rules: [{ ...light, ...instead }] };
    expect(capacity(load).single.obstacles).toEqual([expect.stringMatching(obstacle)]);
  });
});

const load = fc.double({ min: 1, max: MAX_BYTES_PER_DAY, noNaN: true });

test('never returns smaller sizes for a larger load', () => {
  fc.assert(
    fc.property(load, load, (one, other) => {
      const [less, more] = [one, other].sort((a, b) => a - b).map((bytes) => capacity(input(bytes)));
      if (!less || !more) return;
      for (const [name, number] of Object.entries(less.options.replicas))
        expect(more.options.replicas[name as keyof typeof less.options.replicas]).toBeGreaterThanOrEqual(number);
      for (const [name, { resources }] of Object.entries(less.pods))
        for (const [resource, quantity] of Object.entries(resources))
          expect(
            quantityValue(more.pods[name as keyof typeof more.pods].resources[resource as keyof typeof resources]),
          ).toBeGreaterThanOrEqual(quantityValue(quantity));
      expect(more.bucketBytes).toBeGreaterThanOrEqual(less.bucketBytes);
      expect(more.requests.cpu).toBeGreaterThanOrEqual(less.requests.cpu - 1e-9);
      expect(more.requests.memoryBytes).toBeGreaterThanOrEqual(less.requests.memoryBytes);
    }),
  );
});

test('returns valid options', () => {
  fc.assert(
    fc.property(load, fc.constantFrom(1, 3, 5), (bytes, replicationFactor) => {
      const { options, pods } = capacity(input(bytes, { replicationFactor }));
      const objectStorage = {
        endpoint: 'https://s3.example.com',
        region: 'us-east-1',
        bucket: 'logs',
        credentialsSecret: 'bucket',
      };
      expect(
        checkLogAlertingOptions({
          ...PROPS,
          ...PRODUCTION,
          profile: 'distributed',
          loki: { objectStorage, ...options },
          pods,
        }),
      ).toEqual([]);
    }),
  );
});
