import { locate, nodeAt, textAt } from '../../lib/yaml/nodes';
import { ALERTMANAGER_YAML, LOKI_YAML, OWN_YAML, parseYaml, type YamlDialect } from '../../lib/yaml/parse';
import { parsePlain, plainValue } from '../../lib/yaml/plain';

const first = (text: string) => {
  const [document] = parseYaml(text).documents;
  if (!document) throw new Error('no document');
  return document;
};

test('resolves aliases and merges; own fields take precedence', () => {
  expect(
    parsePlain('base: &b { a: 1, b: [x, ~, 1.5] }\nmore: &m { a: 2, c: yes }\nall: { <<: [*b, *m], b: *b }\n7: true'),
  ).toEqual({
    7: true,
    base: { a: 1, b: ['x', null, 1.5] },
    more: { a: 2, c: 'yes' },
    all: { a: 1, c: 'yes', b: { a: 1, b: ['x', null, 1.5] } },
  });
});

test('reads __proto__ as an ordinary name', () => {
  expect(Object.keys(parsePlain('__proto__: { a: 1 }'))).toEqual(['__proto__']);
});

test.each([
  ['a: 1\na: 2', 'duplicate key "a"'],
  ['a: *b', 'alias *b has no anchor &b before it'],
  ['a: &a [*a]', 'alias *a contains itself'],
  ['<<: 1', '"<<" expects a map'],
  ['a: [', 'flow sequence in block collection must be sufficiently indented and end with a ]'],
])('refuses %j', (text, problem) => {
  expect(() => parsePlain(text)).toThrow(`invalid YAML: ${problem}`);
});

test('stops at an alias bomb', () => {
  const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`);
  expect(plainValue(first(`a0: &a0 [x]\n${levels.join('\n')}`)).isExhausted).toBe(true);
});

test('locates parts through aliases and merges, or the innermost part around them', () => {
  const document = first('base: &b { a: { b: text } }\nuse: { <<: *b, c: }');
  expect(textAt(document, 'use', 'a', 'b')).toBe('text');
  expect(nodeAt(document, ['use', 'd'])).toBeUndefined();
  expect(locate(document, ['use', 'c'])).toMatchObject({ depth: 2, keyNode: { value: 'c' } });
  expect(locate(document, ['use', 'd', 'e'])).toMatchObject({ depth: 1, keyNode: { value: 'use' } });
});

test.each<[string, string, readonly YamlDialect[]]>([
  ['an unquoted question mark in a flow list', '[a?b]', [LOKI_YAML, ALERTMANAGER_YAML]],
  ['a control character', '"\u001b[1m"', [LOKI_YAML, ALERTMANAGER_YAML]],
  ['an anchor with letters other than ASCII', '&é a', [LOKI_YAML, ALERTMANAGER_YAML]],
  ['a byte order mark in a string', '"\ufeff"', []],
  ['an unclosed list', '[', [LOKI_YAML, ALERTMANAGER_YAML, OWN_YAML]],
])('refuses %s only in the dialects that do', (_name, text, refusing) => {
  const dialects = [LOKI_YAML, ALERTMANAGER_YAML, OWN_YAML];
  expect(dialects.filter((dialect) => parseYaml(text, dialect).problems.length > 0)).toEqual(refusing);
});
