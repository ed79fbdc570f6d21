import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, tagOf } from '../../lib/versions/images';
import { customManagers, packageRules } from '../../renovate.json';

const LIST = 'lib/versions/images.ts';
const DIGEST = `sha256:${'a1'.repeat(32)}`;

const text = readFileSync(join(__dirname, '../..', LIST), 'utf8');
const [manager] = customManagers;

/** Finds images as Renovate does: with every expression of the manager that is for the file. */
function found(source: string) {
  const isListed = manager?.managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(LIST));
  return ((isListed && manager?.matchStrings) || []).flatMap((expression) =>
    [...source.matchAll(new RegExp(expression, 'g'))].map(({ groups = {} }) => groups),
  );
}

test('Renovate finds every image of the list once, and nothing else', () => {
  expect(found(text).map(({ depName, currentValue }) => `${depName}:${currentValue}`)).toEqual(
    Object.values(images).map((image) => image.replace(/@.*/, '')),
  );
});

test('an image that is pinned by digest is found again, with its tag', () => {
  const pinned = text.replaceAll(/'([a-z0-9./-]+:[\w.-]+)',$/gm, `'$1@${DIGEST}',`);

  expect(found(pinned).map(({ currentDigest }) => currentDigest)).toEqual(Object.values(images).map(() => DIGEST));
  expect(tagOf(`registry.example.com:5000/loki:3.7.8@${DIGEST}`)).toBe('3.7.8');
});

test('Renovate replaces an image in its quotes', () => {
  const template = manager?.autoReplaceStringTemplate ?? '';
  const fields: Record<string, string> = { depName: 'team/image', newValue: '1.2.3', newDigest: DIGEST };
  const replaced = template
    .replace(/\{\{#if (\w+)\}\}(.*)\{\{\/if\}\}/, (_, name, then) => (fields[name] ? then : ''))
    .replace(/\{\{\{(\w+)\}\}\}/g, (_, name) => fields[name] ?? '');

  expect(replaced).toBe(`'team/image:1.2.3@${DIGEST}'`);
});

test('the rules name images of the list', () => {
  const names = Object.values(images).map((image) => image.split(':')[0]);
  const named = packageRules.flatMap(({ matchDepNames = [] }) => matchDepNames);

  expect(named.filter((name) => !names.includes(name))).toEqual([]);
});
