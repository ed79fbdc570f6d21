import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { AlertmanagerConfig } from '../../../lib/alertmanager/config/config';
import {
  findEngine,
  type RunningEngine,
  startAlertmanager,
  startWebhookSink,
  type WebhookSink,
} from '../../../lib/engines';
import { receivers } from '../amtool';
import { findingsOf } from '../verdict';

let sink: WebhookSink;
let alertmanager: RunningEngine | undefined;
beforeEach(async () => {
  sink = await startWebhookSink();
});
afterEach(async () => {
  await alertmanager?.stop();
  await sink.close();
});

/** Milliseconds after which all messages have arrived: several times the time of the first. */
const ALL_SENT_MS = 1500;

/** Starts Alertmanager with a configuration and alerts. */
async function notify(text: string, alerts: readonly Readonly<Record<string, string>>[]): Promise<void> {
  alertmanager = await startAlertmanager(parse(text) as AlertmanagerConfig);
  await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(alerts.map((labels) => ({ labels }))),
  });
  await sleep(ALL_SENT_MS);
}

/** Ids of the findings on a text. */
const idsOf = (text: string) => new Set(findingsOf(text).map(({ id }) => id));

test('a muted route does not notify, and one with other intervals does', async () => {
  const ranges = {
    always: '{}',
    days: "{ weekdays: ['friday:thursday'] }",
    months: "{ months: ['1:6'] }, { months: ['july:december'] }",
    times:
      '{ times: [{ start_time: "00:00", end_time: "12:00" }] }, { times: [{ start_time: "12:00", end_time: "24:00" }] }',
    past: "{ years: ['2020:2021'] }",
    impossible: "{ months: [february], days_of_month: ['30:31'] }",
  };
  const routes = Object.keys(ranges).flatMap((name) =>
    ['mute', 'active'].map((kind) => ({ name: `${kind}-${name}`, field: `${kind}_time_intervals: [${name}]` })),
  );
  const text = `route:
  receiver: 'null'
  group_wait: 0s
  routes:
${routes.map(({ name, field }) => `    - { receiver: ${name}, continue: true, ${field} }`).join('\n')}
    - { receiver: 'null' }
time_intervals:
${Object.entries(ranges)
  .map(([name, list]) => `  - { name: ${name}, time_intervals: [${list}] }`)
  .join('\n')}
receivers:
  - name: 'null'
${routes.map(({ name }) => `  - { name: ${name}, webhook_configs: [{ url: '${sink.url}/${name}' }] }`).join('\n')}
`;
  const muted = findingsOf(text)
    .filter(({ id }) => id === 'route-muted')
    .map(({ path }) => routes[path[2] as number]?.name);
  await notify(text, [{ alertname: 'Down' }]);

  expect(muted).toHaveLength(routes.length / 2);
  expect(sink.requests.map(({ path }) => path.slice(1)).sort()).toEqual(
    routes
      .map(({ name }) => name)
      .filter((name) => !muted.includes(name))
      .sort(),
  );
});

test('an inhibition rule that is reported mutes nothing, and the corrected one does', async () => {
  const rules: readonly (readonly [source: string, target: string, equal: string])[] = [
    ['team="a", severity="critical"', 'team="a", severity="critical"', '[app]'],
    ['team="b", severity=~"critical|warning"', 'team="b", severity=~"warning|critical"', '[app]'],
    ['team="c", severity="critical"', 'team="c", severity="warning"', '[app, severity]'],
    ['team="d", severity="critical", severity="error"', 'team="d", severity="warning"', '[app]'],
    ['team="e", severity="critical"', 'team="e", severity="warning"', '[app]'],
    ['team="f", severity="critical"', 'team="f"', '[app]'],
  ];
  const text = `route: { receiver: r, group_wait: 0s }
receivers: [{ name: r, webhook_configs: [{ url: '${sink.url}' }] }]
inhibit_rules:
${rules.map(([source, target, equal]) => `  - { source_matchers: ['{${source}}'], target_matchers: ['{${target}}'], equal: ${equal} }`).join('\n')}
`;
  const never = findingsOf(text)
    .filter(({ id }) => id === 'inhibit-never')
    .map(({ path }) => path[1]);
  const teams = ['a', 'b', 'c', 'd', 'e', 'f'];
  await notify(
    text,
    teams.flatMap((team) =>
      ['critical', 'warning'].map((severity) => ({ alertname: severity, team, severity, app: 'shop' })),
    ),
  );
  const response = await fetch(`${alertmanager?.url}/api/v2/alerts`);
  const alerts = (await response.json()) as {
    readonly labels: { readonly team: string };
    readonly status: { readonly inhibitedBy: readonly string[] };
  }[];
  const inhibited = alerts.filter(({ status }) => status.inhibitedBy.length > 0).map(({ labels }) => labels.team);

  expect(never).toEqual([0, 1, 2, 3]);
  expect([...new Set(inhibited)].sort()).toEqual(['e', 'f']);
});

test('each field with a dash is a message', async () => {
  const receiver = (configs: string) => `global: { slack_api_url: '${sink.url}' }
route: { receiver: r, group_wait: 0s }
receivers:
  - name: r
    slack_configs:
${configs}`;
  const split = receiver("      - channel: '#alerts'\n      - title: Down\n      - color: good\n");
  const whole = receiver("      - channel: '#alerts'\n        title: Down\n        color: good\n");
  await notify(split, [{ alertname: 'Down' }]);
  const messages = sink.requests.length;
  await alertmanager?.stop();
  await notify(whole, [{ alertname: 'Down' }]);

  expect(idsOf(split)).toContain('receiver-split');
  expect(idsOf(whole)).not.toContain('receiver-split');
  expect([messages, sink.requests.length - messages]).toEqual([3, 1]);
});

test('a channel that is a comment is missing', async () => {
  const text = (channel: string) => `route: { receiver: r, group_wait: 0s }
receivers:
  - name: r
    slack_configs:
      - api_url: ${sink.url}
        channel: ${channel}
`;
  await notify(text('#alerts'), [{ alertname: 'Down' }]);
  const [lost] = sink.requests;
  await alertmanager?.stop();
  await notify(text("'#alerts'"), [{ alertname: 'Down' }]);

  expect(idsOf(text('#alerts'))).toContain('alertmanager-comment');
  expect(idsOf(text("'#alerts'"))).not.toContain('alertmanager-comment');
  expect(sink.requests.map(({ body }) => (JSON.parse(body) as { channel?: string }).channel ?? '')).toEqual([
    '',
    '#alerts',
  ]);
  expect(lost).toBeDefined();
});

test('a regular expression that is compared as text matches no such alert', async () => {
  const text = (matcher: string) => `route: { receiver: r, routes: [{ matchers: ['${matcher}'], receiver: s }] }
receivers: [{ name: r }, { name: s }]
`;
  const amtool = await findEngine('amtool');
  const alerts = [{ severity: 'warning' }, { severity: 'info' }];
  const cases = ['severity="warning|info"', 'severity=~"warning|info"', 'severity="warn.*"', 'severity=~".*"'];
  const results = await Promise.all(cases.map((matcher) => receivers(amtool, text(matcher), alerts)));

  expect(cases.map((matcher) => idsOf(text(matcher)).has('matcher-regexp'))).toEqual([true, false, true, false]);
  expect(results.map((found) => found.flat().includes('s'))).toEqual([false, true, false, true]);
});
