import { RE2JS } from 're2js';
import { type LogQuery, logql, parseLogQL } from '../../lib/logql';
import fc from '../support/properties';

const parse = (query: string): LogQuery => {
  const { expr, problems } = parseLogQL(query);
  expect([query, problems]).toEqual([query, []]);
  return expr as LogQuery;
};

test('quotes values where a string is expected, and inserts them as they are elsewhere', () => {
  const selector = logql`{app=${'web'}, pod=~${'a.b'}, level=~${['warn', 'error+']}, port=${8080}}`;
  expect(selector).toBe(String.raw`{app="web", pod=~"a\\.b", level=~"warn|error\\+", port="8080"}`);
  expect(
    logql`sum by (${['app', 'pod']}) (rate(${selector} |= ${'a "b"'} | status >= ${500} [${'5m'}])) > ${0.5}`,
  ).toBe(
    String.raw`sum by (app, pod) (rate({app="web", pod=~"a\\.b", level=~"warn|error\\+", port="8080"} |= "a \"b\"" | status >= 500 [5m])) > 0.5`,
  );
});

test('escapes values between quotes, and makes them literal in regular expressions', () => {
  expect(logql`{app="web-${'"x"'}"} |~ "^\\d+ ${'a.b'}" |~ \`^\d+ ${'a.b'}\``).toBe(
    '{app="web-\\"x\\""} |~ "^\\\\d+ a\\\\.b" |~ `^\\d+ a\\.b`',
  );
});

test('inserts a string after `or` of a line filter, and a filter after `or` of a label filter', () => {
  expect(logql`{a="b"} |= ${'x'} or ${'y'} | l=${'x'} or ${'m > 5'}`).toBe('{a="b"} |= "x" or "y" | l="x" or m > 5');
});

test.each([
  ['a range without a unit', () => logql`rate({a="b"}[${5}])`, "use e.g. '5m'"],
  ['unbalanced parentheses', () => logql`sum(${') or vector(1'})`, 'insert texts after an operator'],
  ['text that is not LogQL', () => logql`{a="b"} ${'it\'s "x'}`, 'insert texts after an operator'],
  ['several strings after =', () => logql`{a=${['x', 'y']}}`, 'use =~'],
  ['an invalid label name', () => logql`sum by (${['a-b']}) (vector(1))`, 'invalid label name'],
  ['a backtick between backticks', () => logql`{a=\`${'`'}\`}`, 'use double quotes'],
  ['a value in a comment', () => logql`{a="b"} # ${'x'}`, 'move it out'],
  ['an empty list in a regular expression', () => logql`{a=~${[]}}`, 'the list is empty, and would match every'],
  ['NaN', () => logql`vector(1) > ${Number.NaN}`, 'expected a finite number'],
])('rejects %s, with the fix', (_name, make, fix) => {
  expect(make).toThrow(fix);
});

/** Values that the types exclude, as in JavaScript, JSON or an unchecked environment variable. */
const WRONG: readonly [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['true', true],
  ['an object', { app: 'a' }],
  ['a bigint', 5n],
  ['a function', () => 'a'],
  ['a symbol', Symbol('a')],
  ['a list with undefined', ['a', undefined]],
  ['a list with a number', [1]],
];

test.each(WRONG)('rejects %s at every position, with the text before it', (_name, value) => {
  const wrong = value as string;
  for (const make of [
    () => logql`{app=${wrong}}`,
    () => logql`{app=~${wrong}}`,
    () => logql`{app="a"} |= "x${wrong}"`,
    () => logql`{app="a"} |= \`${wrong}\``,
    () => logql`rate({app="a"}[${wrong}])`,
    () => logql`sum by (${wrong}) (vector(1))`,
  ]) {
    expect(make).toThrow(/^logql: expected a text, a number or a list of texts after ".*", got /);
    expect(make).not.toThrow(TypeError);
  }
});

test('keeps any inserted text unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const { selector, stages } = parse(logql`{a="b", c=${text}, d="x${text}"} |= ${text} |~ ${text} |~ "x${text}$"`);
      expect(selector.matchers.map(({ value }) => value.value)).toEqual(['b', text, `x${text}`]);
      const filters = stages.flatMap((stage) => (stage.kind === 'line-filter' ? stage.alternatives : []));
      expect(filters[0]?.text.value).toBe(text);
      expect(RE2JS.compile(filters[1]?.text.value ?? '').matches(text)).toBe(true);
      expect(RE2JS.compile(filters[2]?.text.value ?? '').matches(`x${text}`)).toBe(true);
    }),
  );
});
