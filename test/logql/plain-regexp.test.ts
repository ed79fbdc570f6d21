import { RE2JS } from 're2js';
import { isPlainRegexp, matchesEmptyText } from '../../lib/logql/plain-regexp';
import fc, { runs } from '../support/properties';

test.each(['error', '.*\\\\lsass\\.exe$', '(?i).*(a|b?)+', '^a|b$', 'a b\\-c\\/', '', '|'])(
  '%s is plain',
  (pattern) => {
    expect(isPlainRegexp(pattern)).toBe(true);
  },
);

test.each(['5[0-9]', '(a(b))', 'a{2}', '\\bx', '(?P<a>b)', 'a**', '*', '(', '\\', '\\_', '\ud800'])(
  '%s is left to the compiler',
  (pattern) => {
    expect(isPlainRegexp(pattern)).toBe(false);
  },
);

const PIECES = [
  ...['a', 'ß', '😀', '.', '*', '+', '?', '(', ')', '(?:', '|', '^', '$', '\\.', '\\\\', '\\d', '\\_', '\\/', ' '],
  ...['[', ']', '{2}', '-', '(?i)', '\n', '\u2028'],
];

test('every plain regular expression is valid in RE2, and matches the empty text alike', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), (pieces) => {
      const pattern = pieces.join('');
      if (!isPlainRegexp(pattern)) return;
      expect([pattern, matchesEmptyText(pattern)]).toEqual([pattern, RE2JS.compile(pattern, RE2JS.DOTALL).matches('')]);
    }),
    { numRuns: runs(20_000) },
  );
});
