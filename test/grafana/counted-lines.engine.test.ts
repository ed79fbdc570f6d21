import { stringify } from 'yaml';
import { gotifyReceiver } from '../../lib/alertmanager/gotify';
import { slackReceiver, withSlackTemplate } from '../../lib/alertmanager/slack';
import {
  type LogEntry,
  type LogResult,
  type LogStream,
  LokiClient,
  type RunningEngine,
  startAlertmanager,
  startLoki,
  startWebhookSink,
  type WebhookSink,
} from '../../lib/engines';
import { freePorts } from '../../lib/engines/ports';
import { lokiConfig } from '../../lib/loki/config';
import { alertsOf, type RuleFile } from '../../lib/rules/model';
import { errors, highLogRate, pipeline } from '../../rules';

// From the real ruler through the real Alertmanager: the link in the message, opened on the real Loki, shows the lines
// that the alert counted, and no others. Grafana itself is missing: the link is decoded as Explore does.

const links = { grafanaUrl: 'http://grafana.example.com' };
/** Without the time for which the lines must be counted, which the link's range includes anyway. */
const RULES = [errors(links), highLogRate(links), pipeline(links)].map(
  (file): RuleFile => ({
    ...file,
    groups: file.groups.map((group) => ({ ...group, rules: alertsOf([file]).map((rule) => ({ ...rule, for: '0s' })) })),
  }),
);

let sink: WebhookSink;
let alertmanager: RunningEngine;
let loki: RunningEngine;
const pushed: LogStream[] = [];

beforeAll(async () => {
  sink = await startWebhookSink();
  const slack = slackReceiver({ name: 'both', webhookUrl: `${sink.url}/slack` });
  const gotify = gotifyReceiver({ name: 'both', url: sink.url, tokenSecret: 'gotify' });
  const [{ http_config: _, ...webhook }] = gotify.webhook_configs as [Record<string, unknown>];
  alertmanager = await startAlertmanager(
    ({ dir }) => ({
      route: { receiver: 'both', group_by: ['alertname', 'app'], group_wait: '0s', group_interval: '1s' },
      receivers: [{ ...slack, webhook_configs: [webhook] }],
      templates: [`${dir}/*.tmpl`],
    }),
    { files: withSlackTemplate() },
  );
  const [port = 0] = await freePorts(1);
  // The rules come after the lines, so that the first evaluation counts all of them.
  loki = await startLoki(
    ({ dir }) =>
      lokiConfig({
        alertmanagerUrl: alertmanager.url,
        grafanaUrl: links.grafanaUrl,
        datasourceUid: 'loki',
        retention: '168h',
        evaluationInterval: '5s',
        dataPath: dir,
        rulesPath: `${dir}/rules`,
        httpPort: port,
        memoryLimit: 2 ** 30,
      }),
    {
      files: Object.fromEntries(RULES.map((file) => [`rules/fake/${file.name}`, stringify({ groups: file.groups })])),
      port,
    },
  );
  const s = (labels: LogStream['labels'], entries: LogEntry[]) => pushed.push({ labels, entries });
  const at = (app: string, namespace = 'shop') => ({ namespace, app, job: `${namespace}/${app}` });
  s(at('cart'), [
    // Outside the range of the rule.
    [ago(500), 'panic: an older crash'],
    [ago(200), 'panic: "quoted" <b>, `ticks`, {{ braces }}, & 100%'],
    [ago(199), 'main.go:12 it quotes a panic: no crash'],
    [ago(20), 'panic: second'],
    [ago(10), 'restarted'],
  ]);
  s(at('other'), [[ago(30), 'all is well']]);
  s(at('orders'), [
    [ago(490), 'level=error msg="before"'],
    ...many(60, (i) => [ago(100 - i), `level=error msg="failed ${i}"`]),
    [ago(5), 'level=info msg="an error page was rendered"'],
  ]);
  s(
    at('flood'),
    many(4000, (i) => [ago(50 - i / 100), `GET /${i}`]),
  );
  s(
    at('promtail', 'log-collector'),
    many(12, (i) => [ago(60 - i), `level=error ts=x msg="cannot read ${i}"`]),
  );
  s(at('otel-log-collector', 'log-collector'), [
    ...many(12, (i) => [ago(60 - i), `{"level":"error","msg":"cannot read ${i}"}`]),
    [ago(9), '{"level":"warn","msg":"all is well"}'],
  ]);
  await new LokiClient(loki.url).push(pushed);
}, 120_000);

afterAll(async () => {
  await loki?.stop();
  await alertmanager?.stop();
  await sink?.close();
});

function ago(seconds: number): bigint {
  return BigInt(Math.round(Date.now() - seconds * 1000)) * 1_000_000n;
}

function many(count: number, entry: (i: number) => LogEntry): LogEntry[] {
  return Array.from({ length: count }, (_, i) => entry(i));
}

/** Returns the link to the log in the first message with a title. */
async function link(path: string, title: string): Promise<string> {
  const { body } = await sink.waitFor((request) => request.path === path && request.body.includes(title), 30_000);
  const { attachments, message } = JSON.parse(body);
  const [, url = ''] =
    /(?:\*Logs:\* <(.*?)\||\[Logs\]\((.*?)\))/.exec(attachments?.[0].text ?? message)?.filter(Boolean) ?? [];
  return url;
}

/** Opens a link as Explore does, and returns the lines, oldest first. */
async function open(url: string): Promise<{ lines: string[]; span: number }> {
  const { logs } = JSON.parse(new URL(url).searchParams.get('panes') ?? '');
  const [{ expr }] = logs.queries;
  const [from, to] = [Number(logs.range.from), Number(logs.range.to)];
  const data = await new LokiClient(loki.url).queryRange(expr, {
    start: from / 1000,
    end: to / 1000,
    limit: 5000,
    direction: 'forward',
  });
  const found = (data.result as readonly LogResult[]).flatMap(({ values }) => values);
  return {
    lines: found.sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1)).map(([, line]) => line),
    span: to - from,
  };
}

const MINUTE = 60_000;

test.each<[title: string, app: string, minutes: number, lines: (app: LogStream) => string[]]>([
  ['Crash: shop/cart', 'cart', 5, () => ['panic: "quoted" <b>, `ticks`, {{ braces }}, & 100%', 'panic: second']],
  [
    'Error burst: shop/orders',
    'orders',
    7,
    () => Array.from({ length: 60 }, (_, i) => `level=error msg="failed ${i}"`),
  ],
  ['High log rate: shop/flood', 'flood', 2, ({ entries }) => entries.map(([, line]) => line)],
  ['Errors in the log pipeline: promtail', 'promtail', 10, ({ entries }) => entries.map(([, line]) => line)],
  [
    'Errors in the log pipeline: otel-log-collector',
    'otel-log-collector',
    10,
    ({ entries }) => entries.map(([, line]) => line).slice(0, 12),
  ],
])(
  "the link of '%s' opens the lines that it counted",
  async (title, app, minutes, expected) => {
    const stream = pushed.find(({ labels }) => labels.app === app) as LogStream;

    for (const path of ['/slack', '/message']) {
      const { lines, span } = await open(await link(path, title));
      expect(lines).toEqual(expected(stream));
      expect(span).toBe(minutes * MINUTE);
    }
  },
  100_000,
);

test('every link of the included rules is filled in', async () => {
  const groups = await new LokiClient(loki.url).rules();
  const names = groups.flatMap(({ rules }) => rules.map(({ name }) => name)).sort();
  expect(names).toEqual(
    alertsOf(RULES)
      .map(({ alert }) => alert)
      .sort(),
  );
  for (const { body } of sink.requests) expect(body).not.toMatch(/error expanding|%7B%7B|\{\{ \(/);
});
