import * as v from 'valibot';
import type { RuleFile } from '../../lib';
import { ruleFiles } from '../../lib/rules/rule-files-schema';
import { validPart } from '../../lib/validate/valid-part';
import { optionsOf, positiveInteger, wrong } from '../../lib/validate/validate';

interface Options {
  readonly rate?: number;
  readonly deep?: { readonly rate?: number; readonly name?: string };
  readonly list?: readonly number[];
  readonly files?: readonly RuleFile[];
  readonly named?: Readonly<Record<string, string>>;
  readonly both?: { readonly a?: string; readonly b?: string };
}

const schema = optionsOf<Options>()({
  rate: v.optional(positiveInteger),
  deep: v.optional(
    optionsOf<NonNullable<Options['deep']>>()({ rate: v.optional(positiveInteger), name: v.optional(v.string()) }),
  ),
  list: v.optional(v.array(positiveInteger)),
  files: v.optional(ruleFiles),
  named: v.optional(v.record(v.pipe(v.string(), v.regex(/^[a-z]+$/)), v.string())),
  both: v.optional(
    v.pipe(
      optionsOf<NonNullable<Options['both']>>()({ a: v.optional(v.string()), b: v.optional(v.string()) }),
      v.check(({ a, b }) => a === undefined || b === undefined, wrong('has both', 'remove one')),
    ),
  ),
});

const RULE = { alert: 'A', expr: '1' };
const file = (...rules: unknown[]) => ({ name: 'a.yaml', groups: [{ name: 'g', rules }] });

test.each<[string, object, object]>([
  ['a value of the wrong form', { rate: 0, deep: { rate: 2 } }, { deep: { rate: 2 } }],
  ['a part of the wrong type', { deep: { rate: 'x', name: 'a' } }, { deep: { name: 'a' } }],
  ['an unknown name', { rat: 1, rate: 1 }, { rate: 1 }],
  ['items of a list', { list: [0, 1, 'x', 2] }, { list: [1, 2] }],
  ['a value instead of a list', { list: 1 }, {}],
  ['a list instead of an object', { deep: [1] }, {}],
  ['a rule with an unknown field', { files: [file({ ...RULE, fro: '5m' }, RULE)] }, { files: [file(RULE)] }],
  ['a rule without a query', { files: [file(RULE, { alert: 'B' })] }, { files: [file(RULE)] }],
  ['the only rule of a group, with the group', { files: [file({}), file(RULE)] }, { files: [file(RULE)] }],
  ['a file without groups', { files: [{ name: 'a' }, null, file(RULE)] }, { files: [file(RULE)] }],
])('leaves out %s', (_, value, left) => {
  expect(validPart(schema, value).value).toEqual(left);
});

test.each<[string, object]>([
  ['valid values', { rate: 1, list: [1], files: [file(RULE)] }],
  ['parts that contradict each other', { both: { a: 'x', b: 'y' } }],
  ['a value with an invalid key', { named: { A1: 'text' } }],
])('keeps %s', (_, value) => {
  expect(validPart(schema, value)).toEqual({ value, leftOut: [] });
});

test('returns the paths of left-out parts', () => {
  expect(validPart(schema, { rate: 0, files: [file(RULE, { ...RULE, expr: 5 })] }).leftOut).toEqual([
    ['rate'],
    ['files', 0, 'groups', 0, 'rules', 1, 'expr'],
  ]);
  expect(validPart(schema, 5)).toEqual({ value: undefined, leftOut: [[]] });
});
