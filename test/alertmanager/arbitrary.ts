import type { AlertmanagerConfig, Route } from '../../lib/alertmanager/config/config';
import { formatMatcher } from '../../lib/alertmanager/matchers/matchers';
import type { MatcherText } from '../../lib/alertmanager/matchers/text';
import fc from '../support/properties';

const NAMES = ['severity', 'team', 'service', 'weird label', 'ünïcode'];
const VALUES = ['', 'a', 'b', 'ab', 'critical', 'x y', 'é', 'a\nb', 'say "hi"', 'back\\slash', '5'];
const PATTERNS = [
  '',
  'a',
  'a|b',
  '(a|b)',
  '(?:a|critical)',
  '.+',
  '.*',
  'a.*',
  '^b$',
  '[ab]+',
  'b?',
  '(?i)A',
  'a)|(?:b',
  '\\d',
  'é|x y',
];
const RECEIVERS = ['default', 'first', 'second', 'third'];

const matcher: fc.Arbitrary<MatcherText> = fc.oneof(
  fc.record({
    name: fc.constantFrom(...NAMES),
    operator: fc.constantFrom('=', '!='),
    value: fc.constantFrom(...VALUES),
  }),
  fc.record({
    name: fc.constantFrom(...NAMES),
    operator: fc.constantFrom('=~', '!~'),
    value: fc.constantFrom(...PATTERNS),
  }),
);

/** Common forms of lines: one matcher or several, quoted or unquoted. */
const matcherLine = fc.oneof(
  { weight: 4, arbitrary: matcher.map(formatMatcher) },
  { weight: 1, arbitrary: fc.array(matcher, { maxLength: 2 }).map((all) => `{${all.map(formatMatcher).join(', ')}}`) },
  { weight: 1, arbitrary: fc.constantFrom('team=a', ' team != a ', 'team=~a|b', 'service!~[ab]+', 'team=', '') },
);

const duration = fc.constantFrom('1s', '30s', '5m', '1h30m', '1d');

const { route } = fc.letrec<{ route: Route }>((tie) => ({
  route: fc.record(
    {
      receiver: fc.constantFrom(...RECEIVERS),
      matchers: fc.array(matcherLine, { maxLength: 2 }),
      match: fc.dictionary(fc.constantFrom('severity', 'team'), fc.constantFrom(...VALUES), { maxKeys: 1 }),
      match_re: fc.dictionary(fc.constantFrom('severity', 'team'), fc.constantFrom(...PATTERNS), { maxKeys: 1 }),
      continue: fc.boolean(),
      group_by: fc.oneof(fc.uniqueArray(fc.constantFrom(...NAMES)), fc.constant(['...'])),
      group_wait: duration,
      group_interval: duration,
      repeat_interval: duration,
      routes: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constant([]),
        fc.array(tie('route'), { maxLength: 4 }),
      ),
    },
    { requiredKeys: [] },
  ),
}));

/** A config with a tree of routes. */
export const routingConfig: fc.Arbitrary<AlertmanagerConfig> = fc
  .array(route, { minLength: 1, maxLength: 4 })
  .map((routes) => ({
    route: { receiver: 'default', routes },
    receivers: RECEIVERS.map((name) => ({ name })),
  }));

/** Labels of an alert that routes of `routingConfig` may match. */
export const labels = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(...VALUES.filter(Boolean)), {
  maxKeys: 4,
});

/** Values that are likely to be in the wrong place of a YAML file. */
const JUNK = [
  '',
  'null',
  '~',
  'yes',
  '5',
  '-1',
  '1.5',
  '0',
  '"0"',
  '5m',
  '90s5m',
  '[]',
  '{}',
  '[a, b]',
  '{a: b}',
  'http://x',
  'https://',
  'ftp://x/',
  'http://[::1',
  '"http://a b"',
  'x="y"',
  'a=~"("',
  '...',
  'monday:friday',
  'a:b',
  '"true"',
  '0x10',
  '1_000',
  '&a b',
  '*a',
  '!!str 5',
  '"\\x"',
  '|',
  '2026-01-01',
  '1:30',
  '<secret>',
  'é',
  '::',
  'Basic',
  'TLS14',
];

/** A text with one or two changed lines: values, names, indentation, order, or removed and repeated lines. */
export function mutated(text: string): fc.Arbitrary<string> {
  const change = fc.record({
    what: fc.constantFrom('value', 'remove', 'repeat', 'rename', 'indent', 'swap', 'character'),
    line: fc.nat(),
    other: fc.nat(),
    junk: fc.constantFrom(...JUNK),
  });
  return fc.array(change, { minLength: 1, maxLength: 2 }).map((changes) => {
    const lines = text.split('\n');
    for (const { what, line, other, junk } of changes) {
      const at = line % lines.length;
      const old = lines[at] ?? '';
      const column = other % (old.length + 1);
      if (what === 'value') lines[at] = old.replace(/(:|-) .*$/, `$1 ${junk}`);
      if (what === 'remove') lines.splice(at, 1);
      if (what === 'repeat') lines.splice(at, 0, old);
      if (what === 'rename') lines[at] = old.replace(/(\w)(\w*):/, '$1$1$2:');
      if (what === 'indent') lines[at] = `  ${old}`;
      if (what === 'swap') [lines[at], lines[other % lines.length]] = [lines[other % lines.length] ?? '', old];
      if (what === 'character') lines[at] = `${old.slice(0, column)}${junk.slice(0, 1)}${old.slice(column + 1)}`;
    }
    return lines.join('\n');
  });
}
