import { setTimeout as sleep } from 'node:timers/promises';
import { configsField } from '../../../lib/alertmanager/receivers';
import { failureOf, NOTHING_SENT } from '../../../lib/alertmanager/receivers/failure';
import { type RunningEngine, startAlertmanager, startWebhookSink, type WebhookSink } from '../../../lib/engines';

let sink: WebhookSink | undefined;
let alertmanager: RunningEngine | undefined;
afterAll(stop);

async function stop(): Promise<void> {
  await alertmanager?.stop();
  await sink?.close();
}

const requests = () => sink?.requests ?? [];

/** Kinds whose first request is the message, and which can be sent to the sink. */
const CONFIGS: Readonly<Record<string, (url: string, text: string) => object>> = {
  discord: (webhook_url, title) => ({ webhook_url, title }),
  incidentio: (url, text) => ({ url, alert_source_token: 'x', metadata: { text } }),
  mattermost: (webhook_url, text) => ({ webhook_url, text }),
  msteams: (webhook_url, text) => ({ webhook_url, text }),
  msteamsv2: (webhook_url, text) => ({ webhook_url, text }),
  opsgenie: (api_url, message) => ({ api_url, api_key: 'x', message }),
  pagerduty: (url, description) => ({ url, routing_key: 'x', description }),
  rocketchat: (api_url, text) => ({ api_url, token: 'x', token_id: 'y', text }),
  slack: (api_url, title) => ({ api_url, title, text: 'shown', channel: '#alerts' }),
  telegram: (api_url, message) => ({ api_url, bot_token: 'x', chat_id: 1, message }),
  victorops: (api_url, state_message) => ({ api_url, api_key: 'x', routing_key: 'y', state_message }),
  webex: (api_url, message) => ({
    api_url,
    message,
    room_id: 'x',
    http_config: { authorization: { credentials: 'y' } },
  }),
  webhook: (url, text) => ({ url, payload: { text } }),
};
const KINDS = Object.keys(CONFIGS);

/** Starts an Alertmanager with one receiver of all kinds, and sends it an alert. */
async function notify(text: string): Promise<RunningEngine> {
  await stop();
  sink = await startWebhookSink();
  const { url } = sink;
  const integrations = Object.entries(CONFIGS).map(([kind, config]) => [
    configsField(kind),
    [config(`${url}/${kind}/`, text)],
  ]);
  alertmanager = await startAlertmanager({
    route: { receiver: 'r', group_wait: '0s' },
    receivers: [{ name: 'r', ...Object.fromEntries(integrations) }],
  });
  await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify([{ labels: { alertname: 'Down', app: 'shop' } }]),
  });
  return alertmanager;
}

const sent = () => KINDS.filter((kind) => requests().some(({ path }) => path.startsWith(`/${kind}/`)));

test('all kinds send a message with a valid template', async () => {
  await notify('{{ .CommonLabels.app }}');
  await until(async () => sent().length === KINDS.length);

  expect(sent()).toEqual(KINDS);
});

test.each([
  ['its execution fails', 'before {{ .Labels.app }} after', 'before '],
  ['its syntax is invalid', 'before {{ .Labels', undefined],
  ['it calls an undefined one', 'before {{ template "nope" . }} after', 'before '],
])('a template has the reported effect for each kind if %s', async (_, text, title) => {
  const failing = KINDS.filter((kind) => failureOf(['receivers', 0, configsField(kind)]) === NOTHING_SENT);
  const { url } = await notify(text);
  await until(async () => (await failures(url)).length >= failing.length);

  expect(await failures(url)).toEqual(failing);
  expect(sent()).toEqual(KINDS.filter((kind) => !failing.includes(kind)));
  const { attachments, channel } = JSON.parse(requests()[0]?.body ?? '') as {
    readonly attachments: readonly { readonly title?: string }[];
    readonly channel?: string;
  };
  expect(attachments[0]?.title).toBe(title);
  expect(attachments[0]).toMatchObject({ fallback: '' });
  expect(attachments[0]).not.toHaveProperty('text', 'shown');
  expect(channel ?? '').toBe('');
});

/** Returns the kinds with a failed notification. */
async function failures(url: string): Promise<string[]> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const failed = [
    ...metrics.matchAll(/^alertmanager_notification_requests_failed_total\{integration="(\w+)"[^}]*\} ([1-9].*)$/gm),
  ];
  return [...new Set(failed.map(([, integration = '']) => integration))].sort();
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end && !(await condition()); ) await sleep(50);
}
