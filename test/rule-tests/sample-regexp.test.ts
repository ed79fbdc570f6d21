import { compileRegexp } from '../../lib/logql/regexp';
import { choices } from '../../lib/rule-tests/first-tests/choice';
import { sampleRegexp } from '../../lib/rule-tests/first-tests/sample-regexp';

function sample(pattern: string, seed = 0, groups?: ReadonlyMap<number, string>): string | undefined {
  const compiled = compileRegexp({ value: pattern });
  if ('error' in compiled) throw new Error(compiled.error);
  return sampleRegexp(compiled.regexp, choices(seed), groups);
}

test.each([
  ['error', 'error'],
  ['(?i)(error|fatal)', 'error'],
  ['web-.+', 'web-x'],
  ['^foo.*bar$', 'foobar'],
  ['\\bOOM\\b', 'OOM'],
  ['status=(5\\d{2}|429)', 'status=511'],
  ['\\Qa.b\\E+', 'a.b'],
  ['(?P<ip>\\S+) (?:GET|POST) [^"]+', 'x GET x'],
  ['[[:alpha:]]\\pN\\x{e9}', 'x1é'],
  ['(?i:timeout|deadline) exceeded', 'timeout exceeded'],
])('%s matches %s', (pattern, text) => {
  expect(sample(pattern)).toBe(text);
});

test('chooses other alternatives for other seeds', () => {
  const texts = new Set(Array.from({ length: 20 }, (_, seed) => sample('a|b+|cc', seed)));
  expect([...texts].sort()).toEqual(['a', 'b', 'cc']);
});

test('uses the given texts of groups, if they match', () => {
  expect(sample('(?P<ip>\\S+) (?P<status>\\d{3})', 0, new Map([[2, '503']]))).toBe('x 503');
  expect(sample('(?P<status>\\d{3})', 0, new Map([[1, 'error']]))).toBeUndefined();
});

test('returns nothing if the text does not match: `a^` never does', () => {
  expect(sample('a^b')).toBeUndefined();
});

test('ends for repetitions in repetitions', () => {
  expect(sample('((a|b)*c?)*(d+|e{2,9})+')).toBe('d');
  expect(sample('(x{100}){10}')).toBe('x'.repeat(1000));
});
