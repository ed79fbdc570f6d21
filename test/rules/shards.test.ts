import { parse } from 'yaml';
import { isAlert, type RuleFile, type RuleGroup } from '../../lib/rules/model';
import { shardRules } from '../../lib/rules/shards';
import fc from '../support/properties';

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
  { selector: (file) => file.name, maxLength: 15 },
);

const groupNames = (all: readonly RuleFile[]) => all.flatMap((f) => f.groups.map((g) => g.name));

describe('shardRules', () => {
  test('puts a few files in one shard', () => {
    const shards = shardRules([
      { name: 'b.yaml', groups: [group('g', 1)] },
      { name: 'a.yaml', groups: [group('g', 1)] },
    ]);
    expect(shards.map(({ name, data }) => [name, Object.keys(data)])).toEqual([['loki-rules-0', ['a.yaml', 'b.yaml']]]);
  });

  test('returns no shards for no rules', () => {
    expect(shardRules([])).toEqual([]);
  });

  test('splits a file by its groups', () => {
    const shards = shardRules([{ name: 'a.yaml', groups: [1, 2, 3, 4].map((i) => group(`g${i}`, 1000)) }], MAX);
    const keys = shards.flatMap(({ data }) => Object.keys(data));
    expect(keys.length).toBeGreaterThan(1);
    for (const key of keys) expect(key).toMatch(/^a(-\d+)?\.yaml$/);
  });

  test('contains each group and each key once, and keeps every shard under the limit', () => {
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

  const edit = (all: readonly RuleFile[], at: number, edited: (old: RuleGroup) => RuleGroup) =>
    all.map((f, i) => (i === at ? { ...f, groups: f.groups.map((g, j) => (j === 0 ? edited(g) : g)) } : f));

  test('changes one shard if a rule changes but not its size', () => {
    fc.assert(
      fc.property(files, fc.nat(29), (all, index) => {
        fc.pre(all.length > 0);
        const edited = edit(all, index % all.length, (g) => ({
          ...g,
          rules: g.rules.map((r) => (isAlert(r) ? { ...r, alert: 'B' } : r)),
        }));
        const [before, after] = [shardRules(all, MAX), shardRules(edited, MAX)];
        expect(after.map(({ name }) => name)).toEqual(before.map(({ name }) => name));
        expect(after.filter(({ data }, i) => JSON.stringify(data) !== JSON.stringify(before[i]?.data))).toHaveLength(1);
      }),
    );
  });

  test('changes or splits only the shard of a rule that grows', () => {
    const small = files.map((all) => all.map((f) => ({ ...f, groups: [group('g', f.groups.length * 100)] })));
    fc.assert(
      fc.property(small, fc.nat(29), fc.nat(1500), (all, index, size) => {
        fc.pre(all.length > 0);
        const at = index % all.length;
        const grown = edit(all, at, () => group('g', Math.max(size, 600)));
        const after = shardRules(grown, MAX);
        for (const shard of shardRules(all, MAX)) {
          if (!((all[at]?.name ?? '') in shard.data)) expect(after).toContainEqual(shard);
        }
      }),
    );
  });
});
