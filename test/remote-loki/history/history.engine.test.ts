import { type LogEntry, type LogResult, LokiClient, type MetricSeries } from '../../../lib/engines';
import { logAlertingDashboard } from '../../../lib/grafana/dashboard';
import type { HistoryEntry } from '../../../lib/remote-loki/history/event';
import { alertsOf } from '../../../lib/rules/model';
import { errors, highLogRate, pipeline } from '../../../rules';
import { pod } from '../../collector/pods';
import { useNodes } from '../../collector/scenario';
import { countIn, entriesIn, startCollector, startStackLoki, TESTED_COLLECTORS } from '../../collector/stage';
import { synthObjects } from '../../manifests/synth';
import { lokiAlerts } from '../../support/cli';
import { dashboardQueries } from '../../support/dashboard-queries';
import { type Recorded, recordedLogs, SECRET } from './stage';

// The events of two real Alertmanagers, through each real collector with the stack's configuration, in a real Loki.

const PODS = [0, 1].map((i) =>
  pod('logging', `alertmanager-${i}`, {
    controller: ['StatefulSet', 'alertmanager'],
    labels: { 'app.kubernetes.io/name': 'alertmanager' },
    containers: ['alertmanager'],
  }),
);
const EVENT_LOG = { namespace: 'logging', app: 'alertmanager' };

/** Lines of the table, sorted: some happen at once. */
const HISTORY = [
  '<time>  failed  Unsent {app="db"}  to down/webhook[0]: notify retry canceled after <n> attempts: Post "<redacted>": dial tcp 127.0.0.1:<port>: connect: connection refused',
  '<time>  fired  Down {app="pay", namespace="shop", severity="critical"}',
  '<time>  fired  Flood {app="cart", namespace="shop", severity="warning"}',
  '<time>  fired  Noise {app="web", namespace="shop", severity="warning"}',
  '<time>  fired  Slow {app="pay", namespace="shop", severity="warning"}',
  '<time>  fired  Unsent {app="db", namespace="shop", severity="warning", team="down"}',
  '<time>  inhibited  Slow {app="pay", namespace="shop", severity="warning"}  by rule critical-first',
  '<time>  notified  Down {app="pay", namespace="shop", severity="critical"}  firing to hook/webhook[0] (first notification)',
  '<time>  notified  Flood {app="cart", namespace="shop", severity="warning"}  firing to hook/webhook[0] (first notification)',
  '<time>  notified  Flood {app="cart", namespace="shop", severity="warning"}  resolved to hook/webhook[0] (all alerts resolved)',
  '<time>  resolved  Flood {app="cart", namespace="shop", severity="warning"}',
  String.raw`<time>  silence  {alertname="Noise"}  silence <id> of ann: "planned\u001b[31m work", until <time>`,
  String.raw`<time>  silenced  Noise {app="web", namespace="shop", severity="warning"}  by silence <id> of ann: "planned\u001b[31m work"`,
  'TIME  EVENT  ALERT  DETAILS',
];

/** Lines of the dashboard's panels, and of its annotations. */
const SHOWN = [
  [
    'FIRING to hook (webhook): {"alertname":"Flood","app":"cart"} first notification',
    'FIRING to hook (webhook): {"alertname":"Down","app":"pay"} first notification',
    'RESOLVED to hook (webhook): {"alertname":"Flood","app":"cart"} all alerts resolved',
  ],
  [
    'silence of ann (planned\u001b[31m work) until <time>: alertname="Noise"',
    'silenced by ann (planned\u001b[31m work): {"alertname":"Noise","app":"web","namespace":"shop","severity":"warning"}',
    'inhibited by critical-first: {"alertname":"Slow","app":"pay","namespace":"shop","severity":"warning"}',
  ],
  [
    'to down (webhook[0]): {}/{team="down"}:{alertname="Unsent", app="db"} down/webhook[0]: notify retry canceled after <n> attempts: Post "<redacted>": dial tcp 127.0.0.1:<port>: connect: connection refused',
  ],
  [
    'Down critical shop/pay',
    'Flood warning shop/cart',
    'Noise warning shop/web',
    'Slow warning shop/pay',
    'Unsent warning shop/db',
  ],
  ['Flood warning shop/cart'],
].map((lines) => lines.sort());

const { setUp, stopped } = useNodes();
let recorded: readonly Recorded[];

beforeAll(async () => {
  recorded = await recordedLogs();
}, 120_000);

const isKept = (line: string) => !line.includes('"alertGrouped":');

/** Sends what the Alertmanagers wrote to a Loki of its own. */
async function collected(collector: (typeof TESTED_COLLECTORS)[number]) {
  const { node, api } = await setUp(5, PODS);
  const loki = await stopped(startStackLoki());
  for (const [i, { events, log }] of recorded.entries()) {
    const written = node.log(PODS[i] as (typeof PODS)[number], 'alertmanager', 'alertmanager');
    written.lines(...events).errors(...log);
  }
  const manifests = synthObjects({ collector, alertmanager: { eventRecorder: true } });
  const dir = `${node.dir}/${collector}`;
  const running = await stopped(
    startCollector(collector, { node, apiUrl: api.url, lokiUrl: loki.url, dir, manifests }),
  );
  const lines = recorded.flatMap(({ events, log }) => [...events.filter(isKept), ...log]).length;
  const deadline = Date.now() + 60_000;
  while ((await countIn(loki, '{app="alertmanager"}')) < lines) {
    if (Date.now() > deadline) throw new Error(`not all of ${lines} lines are in Loki\n${running.logs()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return loki;
}

/** Replaces what differs from run to run. */
function steady(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/silence [0-9a-f]{8}/g, 'silence <id>')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replace(/after \d+ attempts/g, 'after <n> attempts')
    .replace(/, last at <time>/g, '')
    .replace(/ +(?=\n|$)/g, '')
    .replace(/ {2,}/g, '  ');
}

describe.each(TESTED_COLLECTORS)('with %s', (collector) => {
  test('events arrive without annotations, repetitions and a level, and the history shows each thing once', async () => {
    const loki = await collected(collector);
    const client = new LokiClient(loki.url);
    const now = Math.ceil(Date.now() / 1000);
    const range = { start: now - 3600, end: now + 60, limit: 1000, direction: 'forward' } as const;

    const stored = await entriesIn(loki, '{app="alertmanager", stream="stdout"}');
    const events = recorded.flatMap((each) => each.events);
    expect(events.join()).toContain('OutOfMemory');
    expect(events.some((line) => !isKept(line))).toBe(true);
    const withoutAnnotations = events
      .filter(isKept)
      .map((line) => JSON.stringify(JSON.parse(line, (key, value) => (key === 'annotations' ? {} : value))));
    expect(stored.map(({ line }) => JSON.stringify(JSON.parse(line))).sort()).toEqual(withoutAnnotations.sort());
    for (const { labels } of stored)
      expect(labels).toEqual({
        namespace: 'logging',
        app: 'alertmanager',
        pod: expect.stringMatching(/^alertmanager-[01]$/),
        container: 'alertmanager',
        node_name: 'node-1',
        stream: 'stdout',
        detected_level: 'info',
      });

    // Its log is unchanged, and the only thing that the included alerts read.
    const log = await entriesIn(loki, '{app="alertmanager", job="logging/alertmanager"}');
    expect(log.map(({ line }) => line).sort()).toEqual(recorded.flatMap((each) => each.log).sort());
    expect([...stored, ...log].map(({ line }) => line).join()).not.toContain(SECRET);

    const history = (...args: string[]) => lokiAlerts(['history', '--loki', loki.url, '--since', '1h', ...args], '.');
    const all = await history();
    expect(all).toMatchObject({ status: 0, stderr: '' });
    expect([...new Set(steady(all.stdout).trim().split('\n'))].sort()).toEqual(HISTORY);
    expect(all.stdout.split('\n').filter((line) => line.includes(' fired '))).toHaveLength(5);
    expect(all.stdout).not.toContain('\u001b');

    const ofPay = JSON.parse((await history('app=pay', 'severity="warning"', '--format', 'json')).stdout);
    expect(ofPay.entries.map(({ event }: { event: string }) => event)).toEqual(['silence', 'fired', 'inhibited']);
    expect((await history('Nope')).stderr).toMatch('none of the recorded events is about');

    const dashboard = logAlertingDashboard({ eventLog: EVENT_LOG });
    const shown: Record<string, string[]> = {};
    for (const query of dashboardQueries(dashboard).filter((expr) => expr.includes('alertmanager'))) {
      const { result } = await client.queryRange(query, range);
      const streams = result as readonly LogResult[];
      shown[query.slice(0, 90)] = [
        ...new Set(streams.flatMap(({ values }) => values.map(([, line]) => steady(line)))),
      ].sort();
    }
    expect(Object.values(shown)).toEqual(SHOWN);

    // With any number of events.
    const links = { grafanaUrl: 'http://localhost:3000', namespaces: ['logging', 'log-collector'] };
    for (const { alert, expr } of alertsOf([errors(links), highLogRate(links), pipeline(links)])) {
      const anyNumber = expr
        .replaceAll(/ > [\d.]+/g, ' > 0')
        .replaceAll('[5m]', '[1h]')
        .replaceAll('[1m]', '[1h]');
      const { result } = await client.query(anyNumber, now);
      const apps = (result as unknown as readonly MetricSeries[]).map(({ metric }) => metric.app);
      // The failed notifications in its log.
      expect([alert, apps]).toEqual([
        alert,
        ['ErrorBurst', 'HighLogRate', 'PipelineErrors'].includes(alert) ? ['alertmanager'] : [],
      ]);
    }
    const levels = await client.query(
      'sum by (stream) (count_over_time({job=~".+"} | detected_level=~".+" [1h]))',
      now,
    );
    expect((levels.result as unknown as readonly MetricSeries[]).map(({ metric }) => metric)).toEqual([
      { stream: 'stderr' },
    ]);
  }, 120_000);
});

test('explains an empty history', async () => {
  const loki = await stopped(startStackLoki());
  const history = () => lokiAlerts(['history', '--loki', loki.url], '.');

  expect(await history()).toEqual({
    status: 0,
    stdout: '',
    stderr:
      'note: Loki has no log of {app="alertmanager"} in this time: check the collector, --tenant, --since and --selector\n',
  });
  const line = 'time=2026-01-01T00:00:00Z level=WARN msg="started"';
  await new LokiClient(loki.url).push([
    { labels: { app: 'alertmanager', job: 'a' }, entries: [[BigInt(Date.now()) * 1_000_000n, line]] },
  ]);
  expect((await history()).stderr).toMatch('set alertmanager: { eventRecorder: true }');
});

test('reads any number of lines, of several at the same time, and skips those that are no events', async () => {
  const loki = await stopped(startStackLoki());
  const start = BigInt(Date.now() - 600_000) * 1_000_000n;
  const event = (i: number) =>
    JSON.stringify({
      '@timestamp': new Date(Number(start / 1_000_000n) + i).toISOString(),
      data: { alertCreated: { alert: { fingerprint: `${i}`, labels: { alertname: `A${i}` }, startsAt: '' } } },
    });
  const other = [
    '{"alertCreated":',
    '{"data":{"notification":null}}',
    '{"data":{"notification":{}}}',
    'msg="Notify failed" \u001b[2J',
  ];
  await new LokiClient(loki.url).push([
    {
      labels: { app: 'alertmanager' },
      entries: [
        // Seven of each time.
        ...Array.from({ length: 2500 }, (_, i): LogEntry => [start + BigInt(Math.floor(i / 7)), event(i)]),
        ...other.map((line): LogEntry => [start + 1_000_000_000n, line]),
      ],
    },
  ]);
  const { stdout } = await lokiAlerts(['history', '--loki', loki.url, '--format', 'json'], '.');
  const { entries } = JSON.parse(stdout);
  const names = entries.flatMap(({ event, alerts }: HistoryEntry) => (event === 'fired' ? alerts[0]?.alertname : []));

  expect(names).toEqual(Array.from({ length: 2500 }, (_, i) => `A${i}`));
  expect(entries).toHaveLength(2500);
  const table = await lokiAlerts(['history', '--loki', loki.url, 'A7'], '.');
  expect(table.stdout.split('\n')[1]).toMatch(/Z +fired +A7$/);
  expect(table.stdout).not.toContain('\u001b');
});
