import { parsePlain } from '../../lib/yaml/plain';
import { writeYaml } from '../../lib/yaml/write';
import fc, { anyCharacter } from '../support/properties';

test('writes multi-line strings as block literals, and quotes strings that YAML 1.1 would read as another type', () => {
  expect(writeYaml({ text: 'a\n  b\n', yes: 'on', blank: 'a\n  \nb', line: 'a\u2028b' })).toBe(
    'text: |\n  a\n    b\n"yes": "on"\nblank: "a\\n \\ \\nb"\nline: "a\\u2028b"\n',
  );
});

test('reads any written string back unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), fc.string({ unit: 'grapheme' }), (a, b) => {
      expect(parsePlain(writeYaml({ a, b: [b, `${a}\n${b}`] }))).toEqual({ a, b: [b, `${a}\n${b}`] });
    }),
  );
});
