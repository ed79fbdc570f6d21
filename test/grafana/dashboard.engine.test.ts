import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import {
  type EngineAddress,
  type LogEntry,
  type LogResult,
  type LogStream,
  LokiClient,
  type MetricSeries,
  type RunningEngine,
  startLoki,
} from '../../lib/engines';
import { logAlertingDashboard, type RateAlert } from '../../lib/grafana/dashboard';
import { lokiConfig } from '../../lib/loki/config';
import { dashboardQueries } from '../support/dashboard-queries';

// Runs every query of the dashboard on a real Loki with the stack's configuration, without Grafana.

const alert: RateAlert = {
  name: 'HighLogRate',
  rate: (selector) => `sum by (namespace, app) (rate(${selector}[1m]))`,
  threshold: 60,
};
const dashboard = logAlertingDashboard({ alert, slackInbox: '{namespace="demo", app="slack-inbox"}' });
const [rate = '', talkers = '', errors = '', messages = ''] = dashboardQueries(dashboard);

const rules = {
  groups: [
    {
      name: 'rate-alerting',
      rules: [{ alert: alert.name, expr: `${alert.rate('{job=~".+"}')} > ${alert.threshold}` }],
    },
  ],
};

/** Time range of the pushed logs in seconds, up to now. */
const SECONDS = 90;
const FLOOD = 120;

let loki: RunningEngine;
let client: LokiClient;
let end: number;

beforeAll(async () => {
  const config = ({ dir, port }: EngineAddress) =>
    lokiConfig({
      alertmanagerUrl: '',
      grafanaUrl: 'http://localhost:3000',
      datasourceUid: 'loki',
      retention: '168h',
      evaluationInterval: '1s',
      dataPath: dir,
      rulesPath: `${dir}/rules`,
      httpPort: port,
      memoryLimit: 2 ** 30,
    });
  loki = await startLoki(config, { files: { 'rules/fake/high-log-rate.yaml': stringify(rules) } });
  client = new LokiClient(loki.url);
  end = Math.floor(Date.now() / 1000);
  await client.push([
    stream('demo', 'webservice', accessLog()),
    stream('demo', 'slack-inbox', inboxLog()),
    stream('shop', 'orders', ordersLog()),
  ]);
});

afterAll(() => loki?.stop());

function range(query: string) {
  return client.queryRange(query, { start: end - SECONDS, end: end + 1, step: 15, limit: 1000 });
}

test.each(dashboardQueries(dashboard))('returns data: %s', async (query) => {
  const { result } = await range(query);

  expect(result.length).toBeGreaterThan(0);
});

test('only the rate of the flood is above the threshold, and it is the first of the top talkers', async () => {
  const { result } = await range(rate);
  const last = (result as readonly MetricSeries[]).map(({ metric, values }) => [
    metric.app,
    Number(values.at(-1)?.[1]) > alert.threshold,
  ]);
  expect(Object.fromEntries(last)).toEqual({ webservice: true, 'slack-inbox': false, orders: false });

  const { result: top } = await client.query(talkers, end);
  expect(top[0]).toMatchObject({ metric: { namespace: 'demo', app: 'webservice' } });
});

test('errors are lines with a level of error or higher, not lines that mention an error', async () => {
  const { result } = await client.query(errors, end);

  expect(result).toEqual([
    expect.objectContaining({ metric: { namespace: 'shop', app: 'orders' }, value: [end, '3'] }),
  ]);
});

test("Slack messages have title and text, without nginx's own lines", async () => {
  const { result } = await range(messages);
  const streams = result as readonly LogResult[];

  expect(streams.flatMap(({ values }) => values.map(([, line]) => line))).toEqual([
    ':white_check_mark: [RESOLVED] High log rate: demo/webservice\n*Severity:* `warning`',
    ':fire: [FIRING] High log rate: demo/webservice\n*Description:* "webservice" logs 120 lines/s\n*Severity:* `warning`',
  ]);
  for (const { stream } of streams) expect(Object.keys(stream)).not.toContain('body');
});

test.each(['namespace', 'app'])('the variable %s has values', async (label) => {
  const query = encodeURIComponent('{namespace=~".+"}');
  const response = await fetch(`${loki.url}/loki/api/v1/label/${label}/values?query=${query}`);

  const values = { namespace: ['demo', 'shop'], app: ['orders', 'slack-inbox', 'webservice'] }[label];
  expect(await response.json()).toMatchObject({ data: values });
});

test('the ruler lists the firing alert at the path that Grafana reads', async () => {
  const states = async () =>
    (await client.rules()).flatMap((group) => group.rules.map(({ name, state }) => [name, state]));
  while (!(await states()).some(([, state]) => state === 'firing')) await sleep(100);

  expect(await states()).toEqual([['HighLogRate', 'firing']]);
});

function stream(namespace: string, app: string, entries: readonly LogEntry[]): LogStream {
  const labels = {
    namespace,
    app,
    job: `${namespace}/${app}`,
    pod: `${app}-7d4b9c6f5-x2x8z`,
    container: app,
    node_name: 'kind-control-plane',
    stream: 'stdout',
  };
  return { labels, entries };
}

/** Returns the Unix time in nanoseconds of a number of seconds before the end. */
function before(seconds: number): bigint {
  return BigInt(Math.round((end - seconds) * 1000)) * 1_000_000n;
}

function accessLog(): LogEntry[] {
  return Array.from({ length: SECONDS * FLOOD }, (_, i) => [
    before(SECONDS - i / FLOOD),
    `10.244.0.9 - - [23/Nov/2026:21:00:00 +0000] "GET /?n=${i} HTTP/1.1" 200 615 "-" "curl/8.14.1" "-"`,
  ]);
}

function inboxLog(): LogEntry[] {
  const line = (title: string, text: string) => {
    const body = JSON.stringify({ channel: '#notifications', attachments: [{ title, text, fallback: title }] });
    return JSON.stringify({ time: '2026-11-23T21:00:00+00:00', path: '/', body });
  };
  return [
    [before(60), '2026/11/23 21:00:00 [notice] 1#1: start worker process 29'],
    [
      before(40),
      line(
        ':fire: [FIRING] High log rate: demo/webservice',
        '*Description:* "webservice" logs 120 lines/s\n*Severity:* `warning`',
      ),
    ],
    [before(20), line(':white_check_mark: [RESOLVED] High log rate: demo/webservice', '*Severity:* `warning`')],
  ];
}

function ordersLog(): LogEntry[] {
  return [
    [before(40), 'level=info msg="order taken" query="{app=\\"x\\"} |= \\"error\\""'],
    [before(30), 'level=error msg="payment refused"'],
    [before(20), '{"level":"fatal","msg":"database is gone"}'],
    [before(10), 'ERROR no connection to the warehouse'],
  ];
}
