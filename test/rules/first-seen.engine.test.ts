import { setTimeout as sleep } from 'node:timers/promises';
import { firstSeen, ruleFileToYaml } from '../../lib';
import {
  LokiClient,
  quickLokiConfig,
  type RunningEngine,
  startAlertmanager,
  startLoki,
  startWebhookSink,
  type WebhookSink,
} from '../../lib/engines';

/** Time for which a new shape is reported, in the rule below. */
const RECENT_S = 8;

const RULES = ruleFileToYaml({
  name: 'r.yaml',
  groups: [
    {
      name: 'g',
      interval: '1s',
      rules: [
        {
          alert: 'New',
          expr: firstSeen('{job=~".+"} |= "error"', { within: '10m', recent: `${RECENT_S}s` }),
          labels: { severity: 'warning' },
        },
      ],
    },
  ],
});

const config = ({ dir }: { dir: string }, alertmanagerUrl: string) => ({
  ...quickLokiConfig({ dir, ruler: { alertmanager_url: alertmanagerUrl, poll_interval: '1s' } }),
  // The logs outlive the process: it restarts.
  ingester: {
    lifecycler: { min_ready_duration: '0s' },
    wal: { enabled: true, dir: `${dir}/wal` },
    query_store_max_look_back_period: '-1ns',
  },
});

/** A group of one app is a message, as in the stack's own routes. */
const ALERTMANAGER = (url: string) => ({
  route: {
    receiver: 'sink',
    group_by: ['alertname', 'namespace', 'app'],
    group_wait: '0s',
    group_interval: '1s',
    repeat_interval: '4h',
  },
  receivers: [{ name: 'sink', webhook_configs: [{ url, send_resolved: true }] }],
});

let sink: WebhookSink;
let alertmanager: RunningEngine;
let loki: RunningEngine;

beforeAll(async () => {
  sink = await startWebhookSink();
  alertmanager = await startAlertmanager(ALERTMANAGER(sink.url));
  loki = await startLoki((address) => config(address, alertmanager.url), { files: { 'rules/fake/r.yaml': RULES } });
});

afterAll(async () => {
  await loki?.stop();
  await alertmanager?.stop();
  await sink?.close();
});

interface Message {
  readonly status: string;
  readonly groupLabels: { readonly app: string };
  readonly alerts: readonly { readonly labels: Readonly<Record<string, string>> }[];
}

/** Messages so far: status, app and shapes. */
function messages(): string[] {
  return sink.requests
    .map(({ body }) => JSON.parse(body) as Message)
    .map(({ status, groupLabels, alerts }) =>
      [status, groupLabels.app, ...alerts.map(({ labels }) => labels.shape)].join(': '),
    );
}

const push = (app: string, line: string, secondsAgo = 0) =>
  new LokiClient(loki.url).push([
    {
      labels: { job: `shop/${app}`, namespace: 'shop', app },
      entries: [[BigInt(Date.now() - secondsAgo * 1000) * 1_000_000n, line]],
    },
  ]);

async function until(expected: string): Promise<void> {
  for (const end = Date.now() + 60_000; !messages().includes(expected); await sleep(200)) {
    if (Date.now() > end) throw new Error(`expected ${expected}, got ${messages().join('; ') || 'no message'}`);
  }
}

test('one message for a new shape, none for a known one, also after a restart of Loki', async () => {
  // GIVEN an error that was logged before
  await push('cart', 'error 17: item 4 not found', 60);

  // WHEN it is logged again, and another one for the first time
  await push('cart', 'error 18: item 5 not found');
  await push('payments', 'error 19: card 6 refused');

  // THEN only the new one is sent
  await until('firing: payments: error #: card # refused');

  // AND WHEN Loki restarts while the alert fires, and both errors continue
  const { dir, url } = loki;
  const { port } = new URL(url);
  process.kill(loki.pid, 'SIGKILL');
  await loki.exited;
  loki = await startLoki((address) => config(address, alertmanager.url), { dir, port: Number(port) });
  for (let n = 0; n < RECENT_S; n++) {
    await push('cart', `error ${n}: item ${n} not found`);
    await push('payments', `error ${n}: card ${n} refused`);
    await sleep(1000);
  }
  await until('resolved: payments: error #: card # refused');

  // THEN another new one is sent, and nothing else
  await push('payments', 'error 3: card 4 refused');
  await push('stock', 'error 5: disk full');
  await until('firing: stock: error #: disk full');
  await until('resolved: stock: error #: disk full');
  expect(messages().sort()).toEqual([
    'firing: payments: error #: card # refused',
    'firing: stock: error #: disk full',
    'resolved: payments: error #: card # refused',
    'resolved: stock: error #: disk full',
  ]);
});

test('hostile lines have a shape, without credentials and without characters that Slack interprets', async () => {
  const lines = [
    '<!channel> {{ .Labels }} `code` "quoted" \\ {"a": 1}',
    'first\nsecond \u001b[31mred\u001b[0m 🔥 ünïcödé \u202e',
    `password="correct horse" Authorization: Bearer abcdefgh {"api_key":"geheim"} postgres://bob:geheim@db/x ${'x'.repeat(100_000)}`,
  ];
  for (const [n, line] of lines.entries()) await push(`hostile-${n}`, `error: ${line}`);

  await Promise.all([
    until('firing: hostile-0: error: #!channel# {{ .Labels }} #code# "quoted" \\ {"a": #}'),
    until('firing: hostile-1: error: first#second #red# 🔥 ünïcödé #'),
    until(
      `firing: hostile-2: ${'error: password=#" Authorization: # {"api_key":#"} postgres://bob:#/x '.padEnd(120, 'x')}`,
    ),
  ]);
});
