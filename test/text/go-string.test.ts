import { unquoteGo } from '../../lib/text/go-string';

test.each([
  ['"plain"', 'plain'],
  ['"a\\tb\\"c\\\\d"', 'a\tb"c\\d'],
  ['"\\x41\\101\\u00e9\\U0001F600"', 'AAé😀'],
  ['"\\xc3\\xa9"', 'é'],
  ['`raw\\n`', 'raw\\n'],
  ["'é'", 'é'],
  ["'\\''", "'"],
  ['""', ''],
])('reads %s', (literal, value) => {
  expect(unquoteGo(literal)).toEqual({ value });
});

test.each([
  '"',
  '"a',
  'a',
  '"a"b"',
  '"\\q"',
  '"\\\'"',
  "'\\\"'",
  '"\\400"',
  '"\\x4"',
  '"\\u12"',
  '"\\U00110000"',
  '"\\ud800"',
  '"two\nlines"',
  '"\\"',
  "''",
  "'ab'",
  '`a`b`',
])('rejects %j', (literal) => {
  expect(unquoteGo(literal)).toBeUndefined();
});

test('returns the bytes of invalid UTF-8', () => {
  expect(unquoteGo('"a\\xff"')).toEqual({ value: 'a\ufffd', bytes: Buffer.from([0x61, 0xff]) });
});

test('replaces half of a surrogate pair like Prometheus', () => {
  expect(unquoteGo('"\\ud800"', 'replaced')).toEqual({ value: '\ufffd' });
});
