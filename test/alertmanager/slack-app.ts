import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertmanagerConfig, Route } from '../../lib/alertmanager/config/config';
import { withSlackTemplate } from '../../lib/alertmanager/slack';
import { relocate } from '../../lib/demo-run/local-configs';
import {
  type RunningEngine,
  type StartOptions,
  startAlertmanager,
  startWebhookSink,
  type WebhookSink,
} from '../../lib/engines';
import { SlackApi, type SlackMessage } from '../support/slack-api';

export const CHANNEL = '#alerts';
const CHANNEL_ID = 'C0ALERTS';
export const PRIVATE = '#private';
const TOKEN = 'xoxb-0-test';

/** Alertmanager calls Slack through this proxy, because it has the URL of `chat.update` in its code. */
export class SlackStandIn {
  private constructor(
    readonly api: SlackApi,
    readonly sink: WebhookSink,
  ) {}

  static async start(): Promise<SlackStandIn> {
    const api = new SlackApi({ tokens: [TOKEN], channels: { [CHANNEL]: CHANNEL_ID }, others: [PRIVATE] });
    return new SlackStandIn(api, await startWebhookSink({ answer: (request) => api.answer(request) }));
  }

  /** Methods of the requests so far, in order. */
  get calls(): string[] {
    return this.sink.requests.map(({ path }) => path.replace('/api/', ''));
  }

  /** Waits for a number of requests, and that no further one follows. */
  async waitForCalls(count: number): Promise<string[]> {
    for (const end = Date.now() + 20_000; this.calls.length < count && Date.now() < end; ) await sleep(50);
    await sleep(QUIET_MS);
    return this.calls;
  }

  /** Shows the messages as a reader of the channel does. */
  get channel(): string[] {
    return this.api.messages.map(shown);
  }

  close(): Promise<void> {
    return this.sink.close();
  }
}

const GROUP_INTERVAL = '500ms';

/** Longer than the interval of a group. */
const QUIET_MS = 900;

function shown({ thread_ts, content, edits }: SlackMessage): string {
  const where = thread_ts === undefined ? '' : '↳ ';
  return `${where}${content.attachments?.[0]?.title}${edits > 0 ? ' (edited)' : ''}`;
}

export interface AppOptions extends StartOptions {
  /** Fields of the route. */
  readonly route?: Partial<Route>;
  /** Key of the token in its Secret. @default 'token' */
  readonly key?: string;
  readonly token?: string;
}

/** Starts Alertmanager with the stack's template and a Slack receiver. */
export function startWithSlack(
  receivers: AlertmanagerConfig['receivers'],
  { sink }: SlackStandIn,
  { route, key = 'token', token = `${TOKEN}\n`, files, ...options }: AppOptions = {},
): Promise<RunningEngine> {
  return startAlertmanager(
    ({ dir }) =>
      relocate(
        {
          global: { http_config: { proxy_url: sink.url, tls_config: { insecure_skip_verify: true } } },
          route: {
            receiver: receivers[0]?.name,
            group_by: ['alertname'],
            group_wait: '100ms',
            group_interval: GROUP_INTERVAL,
            repeat_interval: '24h',
            ...route,
          },
          receivers,
          templates: ['/etc/alertmanager/*.tmpl'],
        },
        { '/etc/alertmanager': dir },
      ),
    {
      ...options,
      files: { ...withSlackTemplate(), [`secrets/slack-app/${key}`]: token, ...files },
    },
  );
}

/** Sends alerts of a group to Alertmanagers. */
export async function send(alertmanagers: readonly RunningEngine[], alerts: Readonly<Record<string, boolean>>) {
  const body = Object.entries(alerts).map(([app, firing]) => ({
    labels: { alertname: 'Flood', app, severity: 'warning' },
    annotations: { title: 'High log rate' },
    ...(firing ? {} : { endsAt: new Date().toISOString() }),
  }));
  for (const { url } of alertmanagers) {
    const response = await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
  }
}
