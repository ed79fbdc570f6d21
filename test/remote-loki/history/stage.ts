import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningEngine, startAlertmanager, startWebhookSink } from '../../../lib/engines';
import { freePorts } from '../../../lib/engines/ports';

export const SECRET = 's3cr3t-token';

/** Returns what a real Alertmanager writes to standard output and error when alerts fire, are muted and are resolved. */
export async function recordedLog(): Promise<{ events: string[]; log: string[] }> {
  const sink = await startWebhookSink();
  const [closed] = await freePorts(1);
  const alertmanager = await startAlertmanager(
    {
      route: {
        receiver: 'hook',
        group_by: ['alertname', 'app'],
        group_wait: '0s',
        group_interval: '1s',
        routes: [{ matchers: ['team="down"'], receiver: 'down' }],
      },
      receivers: [
        { name: 'hook', webhook_configs: [{ url: `${sink.url}/${SECRET}` }] },
        {
          name: 'down',
          webhook_configs: [
            {
              url: `http://127.0.0.1:${closed}/${SECRET}`,
              http_config: { authorization: { credentials: SECRET } },
              timeout: '1s',
            },
          ],
        },
      ],
      inhibit_rules: [
        {
          name: 'critical-first',
          source_matchers: ['severity="critical"'],
          target_matchers: ['severity="warning"'],
          equal: ['app'],
        },
      ],
      event_recorder: { stdout_outputs: [{ name: 'log' }] },
    },
    { args: ['--enable-feature=event-recorder', '--log.level=warn'] },
  );
  try {
    await happen(alertmanager);
  } finally {
    await alertmanager.stop();
    await sink.close();
  }
  const lines = alertmanager.logs().trim().split('\n');
  return { events: lines.filter((line) => line.startsWith('{')), log: lines.filter((line) => !line.startsWith('{')) };
}

async function happen(alertmanager: RunningEngine): Promise<void> {
  const post = async (path: string, body: unknown): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${alertmanager.url}/api/v2/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  };
  const has = async (...texts: string[]): Promise<void> => {
    const deadline = Date.now() + 30_000;
    while (!texts.every((text) => alertmanager.logs().includes(text))) {
      if (Date.now() > deadline) throw new Error(`not logged: ${texts}\n${alertmanager.logs()}`);
      await sleep(50);
    }
  };
  const alert = (labels: Record<string, string>, rest = {}) => ({
    labels: { severity: 'warning', namespace: 'shop', ...labels },
    annotations: {
      title: 'Crash',
      samples: 'panic: "java.lang.OutOfMemoryError" {"annotations":{"a":"b"}} level=error',
    },
    ...rest,
  });
  const startsAt = new Date().toISOString();
  await post('alerts', [
    alert({ alertname: 'Flood', app: 'cart' }, { startsAt }),
    alert({ alertname: 'Unsent', app: 'db', team: 'down' }),
  ]);
  await has('"notification":', 'Notify failed');
  await post('silences', {
    matchers: [{ name: 'alertname', value: 'Noise', isRegex: false, isEqual: true }],
    startsAt,
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    createdBy: 'ann',
    comment: 'planned\u001b[31m work',
  });
  await post('alerts', [
    alert({ alertname: 'Noise', app: 'web' }),
    alert({ alertname: 'Down', app: 'pay', severity: 'critical' }),
  ]);
  await has('"silenceMutedAlert":');
  await post('alerts', [alert({ alertname: 'Slow', app: 'pay' })]);
  await has('"inhibitionMutedAlert":');
  // As the ruler does while the alert fires.
  for (let i = 0; i < 3; i++) await post('alerts', [alert({ alertname: 'Flood', app: 'cart' }, { startsAt })]);
  await post('alerts', [alert({ alertname: 'Flood', app: 'cart' }, { startsAt, endsAt: new Date().toISOString() })]);
  await has('"alertResolved":');
}
