import { formatFinding } from '../../lib/checks/findings';
import { findingsOf } from './verdict';

/** Findings but those on empty receivers, which keep these texts short. */
const findings = (yaml: string) => findingsOf(yaml, 'f').filter(({ id }) => id !== 'receiver-empty');
const warnings = (yaml: string) => findings(yaml).map(formatFinding);

const routes = (...lines: readonly string[]) => `receivers: [{name: r}, {name: s}]
route:
  receiver: r
  routes:
  - {receiver: s, matchers: [never="used"]}
${lines.map((line) => `  - ${line}\n`).join('')}`;

describe('reports routes that receive no alert', () => {
  test.each([
    ['the same matchers', '{matchers: [a="b"]}', '{matchers: [a="b", c="d"]}'],
    ['no matchers', '{receiver: s}', '{matchers: [a="b"]}'],
    ['a pattern that the value matches', '{matchers: [a=~"b|c"]}', '{matchers: [a="c"]}'],
    ['a list of words within another', '{matchers: [a=~"b|c|d"]}', '{matchers: ["a=~(?:b|d)"]}'],
    ['a value that the other is not', '{matchers: [a!="b"]}', '{matchers: [a="c"]}'],
    ['any value', '{matchers: [a!=""]}', '{matchers: [a=~"x.*", a!=""]}'],
    ['any value, as a pattern', '{matchers: [a=~".+"]}', '{matchers: [a!~"|b"]}'],
    ['a pattern that matches everything', '{matchers: [a=~".*"]}', '{matchers: [b="c"]}'],
    ['the deprecated form of a pattern', '{match_re: {a: b|c}}', '{match: {a: c}}'],
    ['the deprecated form', '{match: {a: b}}', '{matchers: [a="b"]}'],
  ])('because of an earlier route: %s', (_name, first, second) => {
    const [found, ...others] = findings(routes(first, second)).filter(({ id }) => id !== 'alertmanager-deprecated');
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      id: 'route-unreachable',
      severity: 'warning',
      place: { line: 7 },
      subject: 'route.routes[2]',
    });
  });

  test.each([
    ['it continues', '{matchers: [a="b"], continue: true}', '{matchers: [a="b"], receiver: s}'],
    ['it has more matchers', '{matchers: [a="b", c="d"]}', '{matchers: [a="b"]}'],
    ['it matches another value', '{matchers: [a="b"]}', '{matchers: [a="c"]}'],
    ['the pattern could match more', '{matchers: [a=~"b|c"]}', '{matchers: [a=~"b.*"]}'],
    ['the label may be missing', '{matchers: [a=~".+"]}', '{matchers: [b="c"]}'],
    ['it excludes the value', '{matchers: [a!~"b|c"]}', '{matchers: [a=~"c|d"]}'],
  ])('not when %s', (_name, first, second) => {
    expect(warnings(routes(first, second))).toEqual([]);
  });

  test('because of a contradiction to the matchers of its parent', () => {
    expect(warnings(routes('{matchers: [a="b"], routes: [{matchers: [a=~"c|d"]}]}'))).toEqual([
      'f:6:34: warning: route.routes[1].routes[0]: receives no alert: its matchers contradict those of the routes above it: correct the matchers, or remove the route [route-unreachable]',
    ]);
  });

  test('because of an earlier route and the matchers of its parent', () => {
    expect(warnings(routes('{matchers: [a="b"], routes: [{matchers: [a!="c"]}, {matchers: [x="y"]}]}'))).toEqual([
      expect.stringContaining(
        'f:6:56: warning: route.routes[1].routes[1]: receives no alert: route.routes[1].routes[0] comes first and matches all of its alerts (a!="c"): move this route before it, or add "continue: true" there [route-unreachable]',
      ),
    ]);
  });
});

test('reports routes that notify twice', () => {
  expect(
    warnings(routes('{matchers: [a="b", c="d"], continue: true}', '{matchers: ["{c=\\"d\\", a=\\"b\\"}"]}')),
  ).toEqual([
    'f:7:5: warning: route.routes[2]: has the matchers and the receiver of route.routes[1], which continues: every notification is sent twice: remove one of the two [route-duplicate]',
  ]);
});

test('reports continue on the last route', () => {
  expect(warnings(routes('{matchers: [a="b"], continue: true}'))).toEqual([
    'f:6:25: warning: route.routes[1].continue: "continue" has no effect on the last of several routes: remove it, or move the route up [route-continue-last]',
  ]);
});

test('reports contradicting times once, where they are set', () => {
  expect(
    warnings(`receivers: [{name: r}]
route:
  receiver: r
  group_wait: 10m
  repeat_interval: 12m
  routes:
  - matchers: [a="b"]
  - group_interval: 1h
    repeat_interval: 30m
`),
  ).toEqual([
    'f:4:15: warning: route.group_wait: group_wait (10m) is longer than group_interval (5m), so the first notification of a group waits longer than later ones: use a group_wait shorter than group_interval [route-group-wait]',
    'f:5:20: warning: route.repeat_interval: repeat_interval (12m) is not a multiple of group_interval (5m), so an unchanged group is notified every 3 intervals of 5m: use a multiple of group_interval [route-repeat-interval]',
    'f:9:22: warning: route.routes[1].repeat_interval: repeat_interval (30m) is not a multiple of group_interval (1h), so an unchanged group is notified every 1h: use a multiple of group_interval [route-repeat-interval]',
  ]);
});

test('reports unused receivers, inhibition without equal, and deprecated fields', () => {
  expect(
    warnings(`receivers: [{name: r}, {name: s}]
route: {receiver: r, routes: [{match: {a: b}}, {matchers: [a=b c]}]}
inhibit_rules:
- {source_match: {a: b}, target_matchers: [c="d"]}
mute_time_intervals: [{name: t}]
`),
  ).toEqual([
    "f:1:24: warning: receiver 's': is not used by any route, so it never sends a notification: add a route to it, or remove it [receiver-unused]",
    `f:2:32: warning: route.routes[0].match: deprecated field "match": use matchers, e.g. matchers: ['severity="critical"'] [alertmanager-deprecated]`,
    'f:2:60: warning: route.routes[1].matchers[0]: matcher "a=b c" is only supported by the classic parser, which will be removed: write a="b c" [matcher-classic]',
    "f:4:3: warning: inhibit_rules[0]: has no 'equal', so one source alert mutes all target alerts, of any service: add the labels that must be equal in both, e.g. equal: [namespace, app] [inhibit-without-equal]",
    `f:4:4: warning: inhibit_rules[0].source_match: deprecated field "source_match": use source_matchers, e.g. source_matchers: ['severity="critical"'] [alertmanager-deprecated]`,
    'f:5:1: warning: mute_time_intervals: deprecated field "mute_time_intervals": rename it to time_intervals [alertmanager-deprecated]',
  ]);
});

test('reports a second document', () => {
  expect(warnings('receivers: [{name: r}]\nroute: {receiver: r}\n---\nroute: {}\n')).toEqual([
    expect.stringMatching(
      /^f:3:1: warning: second YAML document, which Alertmanager ignores: move it into the first document, or remove it \[alertmanager-documents\]$/,
    ),
  ]);
});

describe('receivers without an integration', () => {
  const empty = (yaml: string) => findingsOf(yaml, 'f').filter(({ id }) => id === 'receiver-empty');

  test('are reported if they receive alerts', () => {
    expect(empty('receivers: [{name: Default}]\nroute: {receiver: Default}\n').map(formatFinding)).toEqual([
      "f:1:13: warning: receiver 'Default': receives alerts but has no integration, so no one is notified: add one, e.g. slack_configs, or name the receiver 'null' if no one should be notified [receiver-empty]",
    ]);
    expect(
      empty(
        'receivers: [{name: a, webhook_configs: []}, {name: "null"}]\nroute: {receiver: "null", routes: [{receiver: a}]}',
      ),
    ).toHaveLength(1);
  });

  const isReported = (name: string) =>
    empty(`receivers: [{name: "${name}"}]\nroute: {receiver: "${name}"}\n`).length > 0;

  test.each([
    ...['null', 'nil', 'none', 'noop', 'no-op', 'no-one', 'no-body', 'null-receiver', 'NullReceiver', 'team_a_null'],
    ...['blackhole', 'black-hole', 'black_hole', 'BlackHole', 'blackholeReceiver', 'devnull', 'dev-null', 'DevNull'],
    ...['ignored', 'dropped', 'discarded', 'muted', 'deadend', 'dead-end', 'dummy', 'empty', 'sink', 'disabled'],
  ])('are not reported if named %s', (name) => {
    expect(isReported(name)).toBe(false);
  });

  test.each(['Default', 'Watchdog', 'Critical', 'annul', 'emptyings', 'dropbox', 'Nullarbor', 'backdrop'])(
    'are reported if named %s',
    (name) => {
      expect(isReported(name)).toBe(true);
    },
  );

  test('are not reported if a child route takes all alerts', () => {
    const receivers = 'receivers: [{name: a}, {name: b, webhook_configs: [{url: http://b}]}]';
    expect(empty(`${receivers}\nroute: {receiver: a, routes: [{receiver: b}]}\n`)).toEqual([]);
    expect(empty(`${receivers}\nroute: {receiver: a, routes: [{receiver: b, matchers: [x=y]}]}\n`)).toHaveLength(1);
  });
});
