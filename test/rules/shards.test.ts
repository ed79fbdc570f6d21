import fc from 'fast-check';
import { parse } from 'yaml';
import type { RuleFile, RuleGroup } from '../../lib/rules/model';
import { shardRules } from '../../lib/rules/shards';

const MAX = 2000;

const group = (name: string, length: number): RuleGroup => ({
  name,
  rules: [{ alert: 'A', expr: `count_over_time({app="x"} |= "${'y'.repeat(length)}" [5m]) > 0` }],
});

const files = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z]{1,8}$/).map((name) => `${name}.yaml`),
    groups: fc
      .array(fc.nat(1500), { minLength: 1, maxLength: 6 })
      .map((sizes) => sizes.map((size, i) => group(`g${i}`, size))),
  }),
  { selector: (file) => file.name, maxLength: 30 },
);

const groupNames = (all: readonly RuleFile[]) => all.flatMap((f) => f.groups.map((g) => g.name));

describe('shardRules', () => {
  test('puts a few files into one shard', () => {
    const shards = shardRules([
      { name: 'b.yaml', groups: [group('g', 1)] },
      { name: 'a.yaml', groups: [group('g', 1)] },
    ]);
    expect(shards.map(({ name, data }) => [name, Object.keys(data)])).toEqual([['loki-rules-0', ['a.yaml', 'b.yaml']]]);
  });

  test('no rules, no shards', () => {
    expect(shardRules([])).toEqual([]);
  });

  test('divides a file by its groups', () => {
    const shards = shardRules([{ name: 'a.yaml', groups: [1, 2, 3, 4].map((i) => group(`g${i}`, 1000)) }], MAX);
    const keys = shards.flatMap(({ data }) => Object.keys(data));
    expect(keys.length).toBeGreaterThan(1);
    for (const key of keys) expect(key).toMatch(/^a(-\d+)?\.yaml$/);
  });

  test('keeps every group once, every key once, and every shard under the limit', () => {
    fc.assert(
      fc.property(files, (all) => {
        const shards = shardRules(all, MAX);
        const keys = shards.flatMap(({ data }) => Object.keys(data));
        expect(new Set(keys).size).toBe(keys.length);
        const texts = shards.flatMap(({ data }) => Object.values(data));
        expect(groupNames(texts.map((text) => parse(text) as RuleFile)).sort()).toEqual(groupNames(all).sort());
        for (const { data } of shards) expect(JSON.stringify(data).length).toBeLessThanOrEqual(MAX);
      }),
    );
  });

  test('a change of one rule changes one shard, or divides it', () => {
    fc.assert(
      fc.property(files, fc.nat(29), fc.nat(1500), (all, at, size) => {
        fc.pre(all.length > 0);
        const changed = all.map((f, i) =>
          i === at % all.length ? { ...f, groups: [group('g0', size), ...f.groups.slice(1)] } : f,
        );
        const text = (shards: ReturnType<typeof shardRules>) =>
          new Map(shards.flatMap(({ name, data }) => Object.entries(data).map(([key, yaml]) => [key, { name, yaml }])));
        const [before, after] = [text(shardRules(all, MAX)), text(shardRules(changed, MAX))];
        // Other files keep their text; those that move had shared the shard of the changed file.
        const own = all[at % all.length]?.name.replace('.yaml', '') ?? '';
        const isOwn = (key: string) => new RegExp(`^${own}(-\\d+)?\\.yaml$`).test(key);
        const touched = new Set([...before, ...after].filter(([key]) => isOwn(key)).map(([, { name }]) => name));
        for (const [key, { name, yaml }] of before) {
          if (isOwn(key)) continue;
          expect(after.get(key)?.yaml).toBe(yaml);
          const now = after.get(key)?.name ?? '';
          expect(now === name || touched.has(name) || touched.has(now)).toBe(true);
        }
      }),
    );
  });
});
