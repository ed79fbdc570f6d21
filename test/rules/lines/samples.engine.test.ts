import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { slackReceiver, withSlackTemplate } from '../../../lib/alertmanager/slack';
import {
  type LogEntry,
  LokiClient,
  quickLokiConfig,
  type RunningEngine,
  startAlertmanager,
  startLoki,
  startWebhookSink,
  type WebhookSink,
} from '../../../lib/engines';
import { type SamplesProps, samples } from '../../../lib/rules/lines/samples';

/** Lower than Loki's, so that ten different lines are too many for one query. */
const MAX_SERIES = 5;

/** A label value that could end a string of LogQL or of a template. */
const NASTY_APP = '"} or {app=~".+"} \\ `%q` {{ .Labels }}';

const NASTY: readonly string[] = [
  '{{ .Foo }} {{ template "x" }} {{ query "up" }}',
  '<!channel> @here <https://evil.example.com|click> *bold* &lt;',
  '```code``` and `tick`',
  `quotes " ' and back\\slash {brace} 100% %s %d $1`,
];

const CONTROLS: readonly string[] = [
  'stack\n\tat line',
  '\u001b[31mred\u001b[0m text',
  '\u202egnp.exe',
  '👩‍💻 emoji',
  'x'.repeat(100_000),
];

const rule = (alert: string, app: string, options: Partial<SamplesProps> = {}) => ({
  alert,
  expr: `sum by (app, team) (count_over_time({app=${JSON.stringify(app)}}[5m])) > 0`,
  labels: { severity: 'warning' },
  annotations: {
    description: alert,
    samples: samples({ query: '{app="{{ $labels.app }}", team="{{ $labels.team }}"}', ...options }),
  },
});

const RULES = [
  rule('Nasty', NASTY_APP, { top: 4 }),
  rule('Controls', 'controls', { top: 5 }),
  rule('Secret', 'secret', { redact: ['customer \\w+'] }),
  rule('Unfolded', 'secret', { fold: false, redact: ['customer \\w+'] }),
  rule('Flood', 'flood', { range: '1m' }),
  rule('Many', 'many', { fold: false }),
  rule('Json', 'json', { query: '{app="{{ $labels.app }}"} | json' }),
  rule('TooMany', 'many', { top: 10, fold: false }),
  rule('Changing', 'changing'),
];

/** The rule in the docs, with a description to find its message by. */
function ruleOfDocs(): object {
  const page = readFileSync(join(__dirname, '../../../docs/log-lines.md'), 'utf8');
  const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const [{ annotations, ...rest }] = parse(yaml).groups[0].rules;
  return { ...rest, annotations: { description: rest.alert, ...annotations } };
}

let sink: WebhookSink;
let alertmanager: RunningEngine;
let loki: RunningEngine;
let client: LokiClient;

beforeAll(async () => {
  sink = await startWebhookSink();
  alertmanager = await startAlertmanager(
    ({ dir }) => ({
      templates: [`${dir}/*.tmpl`],
      route: {
        receiver: 'slack',
        group_by: ['alertname'],
        group_wait: '0s',
        group_interval: '1s',
        repeat_interval: '1h',
      },
      receivers: [slackReceiver({ name: 'slack', webhookUrl: `${sink.url}/` })],
    }),
    { files: withSlackTemplate() },
  );
  const ruler = {
    alertmanager_url: alertmanager.url,
    evaluation_interval: '1s',
    poll_interval: '1s',
    resend_delay: '1s',
  };
  const groups = [...RULES, ruleOfDocs()].map((one, i) => ({ name: `${i}`, interval: '1s', rules: [one] }));
  loki = await startLoki(({ dir }) => quickLokiConfig({ dir, ruler, maxQuerySeries: MAX_SERIES }), {
    files: { 'rules/fake/rules.yaml': stringify({ groups }, { lineWidth: 0 }) },
  });
  client = new LokiClient(loki.url);
  // Earlier than the part of the range in which a flood is looked for.
  const app = (name: string, lines: readonly string[]) => push(name, lines, Date.now() - 30_000);
  // The n-th line is logged n times, so that the order is known.
  const counted = (lines: readonly string[]) => lines.flatMap((line, i) => Array.from({ length: i + 1 }, () => line));
  await app(NASTY_APP, counted(NASTY));
  await app('controls', counted(CONTROLS));
  await app('secret', [
    'order 12 of ann@example.com, customer geheim, password="geheim x", Bearer geheim0123456789abcdef',
  ]);
  await app(
    'flood',
    Array.from({ length: 200 }, (_, i) => `GET /order/${i} from 10.0.0.${i} took ${i}ms`).concat('rare'),
  );
  await app(
    'many',
    Array.from({ length: 10_000 }, (_, i) => `shape ${i}`),
  );
  await app('json', ['{"a": 1}', 'no json {']);
  await app('changing', ['first']);
  await app('payments', [
    'level=error order 12 of ann@example.com',
    'level=error order 13 of ann@example.com',
    'level=error api_key="geheim x"',
  ]);
}, 60_000);

afterAll(async () => {
  await loki?.stop();
  await alertmanager?.stop();
  await sink?.close();
});

async function push(app: string, lines: readonly string[], ms: number): Promise<void> {
  const entries = lines.map((line, i): LogEntry => [BigInt(ms) * 1_000_000n + BigInt(i), line]);
  await client.push([{ labels: { app, team: 'a b' }, entries }]);
}

/** Returns the text of the message about an alert, in which Slack has replaced nothing yet. */
async function slackText(alert: string): Promise<string> {
  const { body } = await sink.waitFor((request) => request.body.includes(`*Description:* ${alert}`), 30_000);
  const { attachments } = JSON.parse(body) as { attachments: readonly { readonly text: string }[] };
  return attachments[0]?.text ?? '';
}

/** Returns the lines of a message. */
async function lines(alert: string): Promise<string[]> {
  const [, block = ''] = /\*Lines:\*\n```\n([\s\S]*?)\n```\n/.exec(await slackText(alert)) ?? [];
  return block.split('\n');
}

test('lines are text to templates and to Slack, and the alert is found by any label value', async () => {
  expect(await lines('Nasty')).toEqual([
    `4× quotes " ' and back\\slash {brace} #% %s %d $#`,
    "3× '''code''' and 'tick'",
    '2× &lt;!channel&gt; @here &lt;https://evil.example.com|click&gt; *bold* &amp;lt;',
    '1× {{ .Foo }} {{ template "x" }} {{ query "up" }}',
  ]);
});

test('a line is one line, without control characters, and cut at a character', async () => {
  expect(await lines('Controls')).toEqual([
    `5× ${'x'.repeat(200)}…`,
    '4× 👩‍💻 emoji',
    '3×  gnp.exe',
    '2× red text',
    '1× stack at line',
  ]);
});

test('credentials, addresses and what a pattern names are hidden, folded or not', async () => {
  expect(await lines('Secret')).toEqual([
    '1× order # of <email>, <redacted>, password=<secret>, Bearer #'.replace(/[<>]/g, escaped),
  ]);
  expect(await lines('Unfolded')).toEqual([
    '1× order 12 of <email>, <redacted>, password=<secret>, Bearer <secret>'.replace(/[<>]/g, escaped),
  ]);
  expect(sink.requests.some(({ body }) => body.includes('geheim') || body.includes('ann@'))).toBe(false);
});

const escaped = (character: string) => (character === '<' ? '&lt;' : '&gt;');

test('lines that differ in numbers are counted as one, and the rarest are left out', async () => {
  expect(await lines('Flood')).toEqual(['200× GET /order/# from # took #', '1× rare']);
});

test('a query that returns the most frequent of 10,000 different lines is below the limit of series', async () => {
  expect((await lines('Many')).slice(-3)).toEqual(
    Array.from({ length: 3 }, () => expect.stringMatching(/^1× shape \d+$/)),
  );
});

test('a line that a stage of the query fails on is left out', async () => {
  expect(await lines('Json')).toEqual(['1× {"a": #}']);
});

test('an alert whose query for lines fails is sent all the same', async () => {
  const text = await slackText('TooMany');

  expect(text).toContain('*Lines:* unavailable, Loki failed to query them\n*Severity:*');
  expect(text).not.toContain('error expanding');
  // Loki writes its log with a delay.
  const reason = `maximum number of series (${MAX_SERIES}) reached`;
  while (!loki.logs().includes(reason)) await sleep(100);
});

test('the rule in the docs shows its lines', async () => {
  expect(await lines('PaymentErrors')).toEqual([
    '2× level=error order # of &lt;email&gt;',
    '1× level=error api_key=&lt;secret&gt;',
  ]);
});

interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: { readonly samples?: string };
  readonly fingerprint: string;
}

async function activeAlert(name: string): Promise<ActiveAlert | undefined> {
  const response = await fetch(`${alertmanager.url}/api/v2/alerts?filter=alertname="${name}"`);
  return ((await response.json()) as ActiveAlert[])[0];
}

test('a changed annotation is the same alert, and sends no further message', async () => {
  expect(await lines('Changing')).toEqual(['1× first']);
  const before = await activeAlert('Changing');
  await push('changing', ['second', 'second'], Date.now() - 1000);
  let after = before;
  for (
    const end = Date.now() + 30_000;
    Date.now() < end && !after?.annotations.samples?.includes('second');
    await sleep(100)
  )
    after = await activeAlert('Changing');
  // Three group intervals.
  await sleep(3000);

  expect(after?.annotations.samples).toBe('2× second\n1× first\n');
  expect(after).toMatchObject({ labels: before?.labels, fingerprint: before?.fingerprint });
  expect(before?.labels).toEqual({ alertname: 'Changing', app: 'changing', team: 'a b', severity: 'warning' });
  expect(sink.requests.filter(({ body }) => body.includes('*Description:* Changing'))).toHaveLength(1);
}, 60_000);
