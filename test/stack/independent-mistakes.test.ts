import type { LogAlertingProps } from '../../lib';
import { formatFinding } from '../../lib/checks/findings';
import { checkLogAlerting } from '../../lib/stack/check-stack';
import { PROPS } from '../manifests/synth';
import fc from '../support/properties';
import { MISTAKES } from './mistakes';

const found = (instead: object) =>
  checkLogAlerting(merge(PROPS, instead) as unknown as LogAlertingProps).map(formatFinding);

/** Merges options: concatenates lists and merges objects recursively. */
function merge(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other];
  if (!isObject(one) || !isObject(other)) return other;
  const added = Object.entries(other).map(([key, value]) => [key, key in one ? merge(one[key], value) : value]);
  return { ...one, ...Object.fromEntries(added) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

test.each(MISTAKES.map((each) => [each.name, each] as const))(
  'a mistake is one finding: %s',
  (_, { options, message }) => {
    expect(found(options)).toEqual([expect.stringMatching(message)]);
  },
);

const PAIRS = MISTAKES.flatMap((one, i) => MISTAKES.slice(i + 1).map((other) => [one, other] as const)).filter(
  ([one, other]) => !one.about?.some((what) => other.about?.includes(what)),
);

/** All pairs take ten seconds of CPU. */
const TRIED = process.env.CI ? PAIRS : PAIRS.filter((_, i) => i % 5 === 0);

test('reports exactly two independent mistakes', () => {
  const wrong = TRIED.flatMap(([one, other]) => {
    const all = found(merge(one.options, other.options) as object);
    const right = all.length === 2 && [one, other].every(({ message }) => all.some((text) => message.test(text)));
    return right ? [] : [`${one.name} + ${other.name}: ${all.join(' | ')}`];
  });

  expect(wrong).toEqual([]);
});

test('reports an invalid heartbeat that is also never called', () => {
  expect(found({ heartbeat: { webhookSecret: 'h', interval: 'often' } })).toEqual([
    expect.stringMatching(/'heartbeat.interval'/),
    expect.stringMatching(/'heartbeat': is never called/),
  ]);
});

test.each<[string, object, RegExp]>([
  ['Slack', { profile: 'single', grafana: { adminSecret: 'a' } }, /'slack': is missing/],
  ['a profile', { profile: 'singel' }, /'profile': expected/],
  ['rules', { rules: undefined }, /'rules': .*missing|'rules': expected/],
])('reports an undefined receiver without %s', (_, options, message) => {
  const routing = { routes: [{ matchers: ['team="a"'], receiver: 'lost' }] };

  expect(checkLogAlerting({ ...PROPS, ...options, routing } as unknown as LogAlertingProps).map(formatFinding)).toEqual(
    [expect.stringMatching(message), expect.stringMatching(/undefined receiver "lost"/)],
  );
});

test('never throws for any config of Alertmanager', () => {
  const config = fc.record({
    global: fc.option(fc.anything(), { nil: undefined }),
    route: fc.record({ receiver: fc.constant('a'), routes: fc.option(fc.array(fc.anything()), { nil: undefined }) }),
    receivers: fc.array(
      fc.record({ name: fc.constant('a'), slack_configs: fc.anything(), webhook_configs: fc.array(fc.anything()) }),
    ),
    tracing: fc.anything(),
    event_recorder: fc.oneof(
      fc.anything(),
      fc.record({ webhook_outputs: fc.anything(), kafka_outputs: fc.anything() }),
    ),
  });

  fc.assert(fc.property(config, (value) => void found({ routing: { config: value } })));
});
