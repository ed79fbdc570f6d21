import { formatMatcher, parseMatchers } from '../../../lib/alertmanager/matchers/matchers';
import fc, { anyCharacter } from '../../support/properties';

/** `name operator value` of each matcher, after `classic` if only the classic parser reads the line so. */
function read(line: string): readonly string[] | string {
  const parsed = parseMatchers(line);
  if ('problem' in parsed) return `refused: ${parsed.problem}`;
  const texts = parsed.matchers.map(({ name, operator, value }) => `${name} ${operator} ${value}`);
  return parsed.classic ? ['classic', ...texts] : texts;
}

describe('parseMatchers', () => {
  test.each([
    ['a="b"', ['a = b']],
    ['a=b', ['a = b']],
    [' a =~ "b|c" ', ['a =~ b|c']],
    ['{a!="b",c!~d,}', ['a != b', 'c !~ d']],
    ['"a label"="b"', ['a label = b']],
    ['é=ü', ['é = ü']],
    ['a="\\u00e9\\n\\x41\\101"', ['classic', 'a = \\u00e9\n\\x41\\101']],
    ['"é"="\\u00e9\\n\\x41\\101\\U0001F600"', ['é = é\nAA😀']],
    ['a="b\\"c\\\\"', ['a = b"c\\']],
    ['', []],
    ['{}', []],
    ['a=b c', ['classic', 'a = b c']],
    ['a={b}', ['classic', 'a = {b']],
    ['a="b\\d"', ['classic', 'a = b\\d']],
    ['a=', ['classic', 'a = ']],
    ['a', "refused: expected '=', '!=', '=~' or '!~' after a"],
    ['a~b', 'refused: unexpected "~b"'],
    ['"a b"', "refused: expected '=', '!=', '=~' or '!~' after \"a b\""],
    ['"é"="\\xff"', 'refused: "\\xff" is not valid UTF-8'],
    ['{"é"=b', "refused: '{' is not closed"],
    ['"é"=b}', "refused: '}' without '{'"],
    ['{"é"=b}x', 'refused: expected nothing after \'}\' before "x"'],
    ['"é"=b "c"=d', 'refused: expected a comma before "\\"c\\""'],
    ['"é"="\\ud800"', 'refused: "\\ud800" is not a Go string: escape a backslash as \\\\ and a line break as \\n'],
  ])('%s', (line, expected) => {
    expect(read(line)).toEqual(expected);
  });

  test('rejects an invalid regular expression', () => {
    expect(read('a=~"("')).toContain('refused: error parsing regexp');
  });

  test('round-trips formatMatcher', () => {
    const matcher = fc.record({
      name: fc.string({ minLength: 1, unit: anyCharacter }).filter((name) => !/\p{Surrogate}/u.test(name)),
      operator: fc.constantFrom('=' as const, '!=' as const),
      value: fc.string({ unit: anyCharacter }).filter((value) => !/\p{Surrogate}/u.test(value)),
    });
    fc.assert(
      fc.property(fc.array(matcher, { minLength: 1, maxLength: 3 }), (matchers) => {
        const parsed = parseMatchers(matchers.map(formatMatcher).join(','));
        expect(parsed).toMatchObject({ matchers });
      }),
    );
  });
});
