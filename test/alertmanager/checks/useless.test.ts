import { findingsOf } from '../verdict';

const RECEIVERS = 'receivers: [{ name: r, webhook_configs: [{ url: "http://x" }] }]\n';

const found = (text: string, ids: RegExp) =>
  findingsOf(text)
    .filter(({ id }) => ids.test(id))
    .map(({ id, path }) => `${id} ${path.join('.')}`);

const inRoute = (route: string, ranges: string) =>
  found(
    `route: { receiver: r, routes: [{ matchers: [a="b"], ${route} }] }\ntime_intervals: [{ name: t, time_intervals: [${ranges}] }, { name: weekend, time_intervals: [{ weekdays: [saturday, sunday] }] }, { name: week, time_intervals: [{ weekdays: ['monday:friday'] }] }]\n${RECEIVERS}`,
    /^time-interval-never|^route-muted/,
  );

test.each([
  ['{}'],
  ["{ weekdays: ['sunday:saturday'] }"],
  ["{ weekdays: ['friday:thursday'] }"],
  ["{ months: ['1:6'] }, { months: ['july:december'] }"],
  ["{ days_of_month: ['1:-1'] }"],
  ['{ times: [{ start_time: "00:00", end_time: "12:00" }] }, { times: [{ start_time: "12:00", end_time: "24:00" }] }'],
])('a route muted during %s never notifies', (ranges) => {
  expect(inRoute('mute_time_intervals: [t]', ranges)).toEqual(['route-muted route.routes.0.mute_time_intervals']);
  expect(inRoute('active_time_intervals: [t]', ranges)).toEqual([]);
});

test('two intervals may mute a route together', () => {
  expect(inRoute('mute_time_intervals: [week, weekend]', '{}')).toEqual([
    'route-muted route.routes.0.mute_time_intervals',
  ]);
});

test.each([
  ["{ years: ['2020:2021'] }"],
  ["{ months: [february], days_of_month: ['30:31'] }"],
  ["{ months: ['4', '6'], days_of_month: ['31'] }"],
  [''],
])('an interval of %s never matches', (ranges) => {
  expect(inRoute('active_time_intervals: [t]', ranges)).toEqual(['route-muted route.routes.0.active_time_intervals']);
  expect(inRoute('mute_time_intervals: [t]', ranges)).toEqual(['time-interval-never time_intervals.0']);
  expect(inRoute('active_time_intervals: [t, weekend]', ranges)).toEqual(['time-interval-never time_intervals.0']);
});

test.each([
  ["{ weekdays: ['monday:saturday'] }"],
  ["{ months: [february], days_of_month: ['29'] }"],
  ["{ months: ['1:11'] }"],
  ["{ days_of_month: ['-1'], weekdays: [monday] }"],
  ['{ times: [{ start_time: "00:00", end_time: "23:59" }] }'],
  ["{ years: ['2026:2050'] }"],
  ["{ weekdays: ['monday:friday'], location: Europe/Berlin }, { weekdays: [saturday, sunday], location: Asia/Tokyo }"],
])('%s sometimes matches', (ranges) => {
  for (const field of ['mute_time_intervals', 'active_time_intervals'])
    expect(inRoute(`${field}: [t]`, ranges)).toEqual([]);
});

test('the same interval mutes and activates a route', () => {
  const both = 'mute_time_intervals: [week], active_time_intervals: [week]';
  expect(inRoute(both, '{}')).toEqual(['route-muted route.routes.0.active_time_intervals']);
});

const inhibition = (rule: string) =>
  found(`route: { receiver: r }\ninhibit_rules: [{ ${rule} }]\n${RECEIVERS}`, /^inhibit-never/);

test.each([
  ['source_matchers: [a="b"], target_matchers: [a="b"], equal: [app]'],
  ['source_matchers: [a=~"b|c"], target_matchers: [a=~"c|b"], equal: [app]'],
  ['source_match: { a: b }, target_matchers: [a="b"], equal: [app]'],
  ['source_matchers: [a="b"], target_matchers: [a="c"], equal: [app, a]'],
  ['source_matchers: [a="b", a="c"], target_matchers: [a="d"], equal: [app]'],
  ['equal: [app]'],
])('an inhibition rule with %s mutes nothing', (rule) => {
  expect(inhibition(rule)).toEqual(['inhibit-never inhibit_rules.0']);
});

test.each([
  ['source_matchers: [a="b"], target_matchers: [a="c"], equal: [app]'],
  ['source_matchers: [a="b", x="y"], target_matchers: [a="b"], equal: [app]'],
  ['source_matchers: [a="b"], target_matchers: [a="b", x="y"], equal: [app]'],
  ['source_matchers: [a="b"], target_matchers: [a=~"b|c"], equal: [app, a]'],
  ['source_matchers: [a="b"], target_matchers: [x="y"], equal: [app, a]'],
])('an inhibition rule with %s may mute', (rule) => {
  expect(inhibition(rule)).toEqual([]);
});

test.each([
  ['matchers: [severity="warning|info"]', ['matcher-regexp route.routes.0.matchers.0']],
  ['matchers: [severity!="(warning|info)"]', ['matcher-regexp route.routes.0.matchers.0']],
  ['matchers: [namespace="prod-.*"]', ['matcher-regexp route.routes.0.matchers.0']],
  ['match: { severity: warning|info }', ['matcher-regexp route.routes.0.match.severity']],
  ['matchers: [severity=~"warning|info", host="a.example.com", path="/a|"]', []],
  ['match_re: { severity: warning|info }', []],
])('a route with %s', (route, expected) => {
  expect(found(`route: { receiver: r, routes: [{ ${route} }] }\n${RECEIVERS}`, /^matcher-regexp/)).toEqual(expected);
});

const SLACK = 'global: { slack_api_url_file: x }\nroute: { receiver: r }\n';

test.each([
  ["slack_configs: [{ channel: '#a' }, { title: x }, { send_resolved: true }]", true],
  ['slack_configs: [{ api_url_file: x, channel: "#a" }, { title: x }]', true],
  ["slack_configs: [{ channel: '#a' }, { channel: '#b' }]", false],
  ["slack_configs: [{ channel: '#a', title: x }, { text: y, color: z }]", false],
  ['slack_configs: [{ api_url_file: x }, { app_token_file: y }]', false],
  ["slack_configs: [{ channel: '#a' }], webhook_configs: [{ url: 'http://x' }]", false],
])('a receiver with %s', (integrations, isSplit) => {
  const ids = found(`${SLACK}receivers: [{ name: r, ${integrations} }]\n`, /^receiver-split/);
  expect(ids).toEqual(isSplit ? ['receiver-split receivers.0.slack_configs'] : []);
});

test.each([
  ['channel: #alerts', ['alertmanager-comment receivers.0.slack_configs.0.channel']],
  ['channel: # to be decided', []],
  ['channel:', []],
  ["channel: '#alerts' # of the team", []],
])('a field written as %s', (field, expected) => {
  const text = `${SLACK}receivers:\n  - name: r\n    slack_configs:\n      - title: x\n        ${field}\n`;
  expect(found(text, /^alertmanager-comment/)).toEqual(expected);
});

test.each([
  ['120h', []],
  ['5d', []],
  ['1w', ['route-repeat-retention route.routes.0.repeat_interval']],
])('a repeat_interval of %s', (interval, expected) => {
  const text = `route: { receiver: r, routes: [{ matchers: [a="b"], repeat_interval: ${interval} }] }\n${RECEIVERS}`;
  expect(found(text, /^route-repeat-retention/)).toEqual(expected);
});
