import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROFILES } from '../../lib/stack/profiles';
import { codeOfDocs, codeOfNewApp } from './docs';
import { publicApi } from './symbols';

const { symbols, compile } = publicApi();
const names = (which: readonly { readonly name: string }[]) => which.map(({ name }) => name);

test('every export has a docstring', () => {
  expect(symbols.length).toBeGreaterThan(100);
  expect(names(symbols.filter(({ text }) => text === ''))).toEqual([]);
});

test('docstrings are noun phrases or begin with a verb', () => {
  const QUESTION = /^(what|whether|how|who|whom|where|why|when)\b/i;

  expect(names(symbols.filter(({ text }) => QUESTION.test(text)))).toEqual([]);
});

test('every optional property documents its default', () => {
  expect(names(symbols.filter(({ optional, tags }) => optional && !tags.has('default')))).toEqual([]);
});

test("a property that names a Secret ends in 'Secret', and no other does", () => {
  const ofSecrets = symbols.filter(({ kind, text }) => kind === 'property' && /^Secrets? /.test(text));
  const byName = symbols.filter(({ kind, name }) => kind === 'property' && /Secrets?$/i.test(name));

  expect(byName.length).toBeGreaterThan(10);
  expect(names(ofSecrets)).toEqual(names(byName));
});

test('every function documents what it throws', () => {
  expect(names(symbols.filter(({ throws, tags }) => throws && !tags.has('throws')))).toEqual([]);
});

test('every construct and function has an example', () => {
  expect(names(symbols.filter(({ kind, tags }) => kind === 'callable' && !tags.has('example')))).toEqual([]);
});

const EXAMPLES = symbols.flatMap(({ name, tags }): [string, string][] => {
  const example = tags.get('example');
  return example === undefined ? [] : [[name, example]];
});

const docs = codeOfDocs();
/** Outside of the tests, whose time is limited. */
const [inWrongExample, inDocs, ...compiled] = compile(
  "slackReceiver({ name: 'a', webhookSecrt: 'b' });",
  docs.code,
  ...PROFILES.map(codeOfNewApp),
  ...EXAMPLES.map(([, code]) => code),
);
const inNewApps = compiled.slice(0, PROFILES.length);
const inExamples = compiled.slice(PROFILES.length);

test('examples compile', () => {
  expect(EXAMPLES.map(([name], i) => [name, inExamples[i]]).filter(([, errors]) => errors?.length)).toEqual([]);
});

test('reports an example that does not compile', () => {
  expect(inWrongExample).toEqual([
    expect.stringContaining("'webhookSecrt' does not exist in type 'SlackReceiverProps'"),
  ]);
});

test('code of README and docs compiles', () => {
  expect(docs.blocks).toBeGreaterThan(20);
  expect(inDocs).toEqual([]);
});

test.each(PROFILES.map((profile, index) => [profile, inNewApps[index]]))(
  'the app of loki-alerts init --profile %s compiles',
  (_profile, errors) => {
    expect(errors).toEqual([]);
  },
);

test('the docs list every property that names a Secret', () => {
  const table = readFileSync(join(__dirname, '../../docs/hardening.md'), 'utf8');
  const properties = symbols.filter(({ kind, name }) => kind === 'property' && /Secrets?$/i.test(name));

  expect(names(properties).filter((name) => !table.includes(`${name.split('.').at(-1)}\``))).toEqual([]);
});
