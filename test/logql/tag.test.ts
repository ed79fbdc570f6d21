import { RE2JS } from 're2js';
import { type LogQuery, logql, parseLogQL } from '../../lib/logql';
import fc from '../support/properties';

const parse = (query: string): LogQuery => {
  const { expr, problems } = parseLogQL(query);
  expect([query, problems]).toEqual([query, []]);
  return expr as LogQuery;
};

test('values are quoted where a text must stand, and put in as they are elsewhere', () => {
  const selector = logql`{app=${'web'}, pod=~${'a.b'}, level=~${['warn', 'error+']}, port=${8080}}`;
  expect(selector).toBe(String.raw`{app="web", pod=~"a\\.b", level=~"warn|error\\+", port="8080"}`);
  expect(
    logql`sum by (${['app', 'pod']}) (rate(${selector} |= ${'a "b"'} | status >= ${500} [${'5m'}])) > ${0.5}`,
  ).toBe(
    String.raw`sum by (app, pod) (rate({app="web", pod=~"a\\.b", level=~"warn|error\\+", port="8080"} |= "a \"b\"" | status >= 500 [5m])) > 0.5`,
  );
});

test('between quotes a value is escaped, and taken literally in a regular expression', () => {
  expect(logql`{app="web-${'"x"'}"} |~ "^\\d+ ${'a.b'}" |~ \`^\d+ ${'a.b'}\``).toBe(
    '{app="web-\\"x\\""} |~ "^\\\\d+ a\\\\.b" |~ `^\\d+ a\\.b`',
  );
});

test('what follows `or` is a text after a line filter, and a filter after a label filter', () => {
  expect(logql`{a="b"} |= ${'x'} or ${'y'} | l=${'x'} or ${'m > 5'}`).toBe('{a="b"} |= "x" or "y" | l="x" or m > 5');
});

test.each([
  ['a range without a unit', () => logql`rate({a="b"}[${5}])`, "write a duration such as '5m'"],
  ['a text that closes what it did not open', () => logql`sum(${') or vector(1'})`, 'put texts after an operator'],
  ['a text that is no LogQL', () => logql`{a="b"} ${'it\'s "x'}`, 'put texts after an operator'],
  ['several texts after =', () => logql`{a=${['x', 'y']}}`, 'write =~'],
  ['no label name', () => logql`sum by (${['a-b']}) (vector(1))`, 'is not a valid label name'],
  ['a backtick between backticks', () => logql`{a=\`${'`'}\`}`, 'use double quotes'],
  ['a value in a comment', () => logql`{a="b"} # ${'x'}`, 'move it out'],
  ['no number', () => logql`vector(1) > ${Number.NaN}`, 'cannot be written as a LogQL number'],
])('%s is refused with the fix', (_name, make, fix) => {
  expect(make).toThrow(fix);
});

test('any text comes out as it went in', () => {
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
