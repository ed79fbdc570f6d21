import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningEngine, startAlertmanager, startWebhookSink } from '../../../lib/engines';
import { freePorts, LOOPBACK } from '../../../lib/engines/ports';

export const SECRET = 's3cr3t-token';

/** Output of an Alertmanager. */
export interface Recorded {
  /** Lines of standard output. */
  readonly events: readonly string[];
  /** Lines of standard error. */
  readonly log: readonly string[];
}

/** Number of Alertmanagers. */
const REPLICAS = 2;

/**
 * Returns what a cluster of real Alertmanagers writes when alerts fire, are muted and are resolved, and when one of two
 * receivers does not answer.
 */
export async function recordedLogs(): Promise<readonly Recorded[]> {
  const sink = await startWebhookSink();
  const [closed, ...gossip] = await freePorts(1 + REPLICAS);
  const down = `http://${LOOPBACK}:${closed}/${SECRET}`;
  const config = {
    route: {
      receiver: 'hook',
      group_by: ['alertname', 'app'],
      group_wait: '0s',
      group_interval: '4s',
      routes: [{ matchers: ['team="down"'], receiver: 'down' }],
    },
    receivers: [
      { name: 'hook', webhook_configs: [{ url: `${sink.url}/${SECRET}` }] },
      { name: 'down', webhook_configs: [{ url: down, http_config: { authorization: { credentials: SECRET } } }] },
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
  };
  const replicas = await Promise.all(
    gossip.map((port) =>
      startAlertmanager(config, {
        args: [
          '--enable-feature=event-recorder',
          '--log.level=warn',
          `--cluster.listen-address=${LOOPBACK}:${port}`,
          `--cluster.advertise-address=${LOOPBACK}:${port}`,
          ...gossip.map((peer) => `--cluster.peer=${LOOPBACK}:${peer}`),
          '--cluster.settle-timeout=1s',
          // Time for which the second one waits for the first one's notification.
          '--cluster.peer-timeout=1s',
        ],
      }),
    ),
  );
  try {
    await happen(replicas);
  } finally {
    for (const each of [...replicas, { stop: () => sink.close() }]) await each.stop();
  }
  return replicas.map((each) => {
    const lines = each.logs().trim().split('\n');
    return { events: lines.filter((line) => line.startsWith('{')), log: lines.filter((line) => !line.startsWith('{')) };
  });
}

async function happen(replicas: readonly RunningEngine[]): Promise<void> {
  /** Loki sends alerts to all of them, and people create a silence on one. */
  const post = async (path: string, body: unknown, to = replicas): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    for (const { url } of to) {
      const response = await fetch(`${url}/api/v2/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    }
  };
  const has = async (texts: readonly string[], by: 'all' | 'any'): Promise<void> => {
    const deadline = Date.now() + 40_000;
    const has = (text: string) => (each: RunningEngine) => each.logs().includes(text);
    while (!texts.every((text) => (by === 'all' ? replicas.every(has(text)) : replicas.some(has(text))))) {
      if (Date.now() > deadline) throw new Error(`not logged: ${texts}`);
      await sleep(50);
    }
  };
  /** Time until all know a silence or a notification, which takes 0.2 s, or a second if one waits. */
  const gossip = () => sleep(1500);
  // The ruler sends the time; otherwise it is that of each Alertmanager.
  const startsAt = new Date().toISOString();
  const alert = (labels: Record<string, string>, rest = {}) => ({
    startsAt,
    labels: { severity: 'warning', namespace: 'shop', ...labels },
    annotations: {
      title: 'Crash',
      samples: 'panic: "java.lang.OutOfMemoryError" {"annotations":{"a":"b"}} level=error',
    },
    ...rest,
  });
  await post('alerts', [
    alert({ alertname: 'Flood', app: 'cart' }),
    alert({ alertname: 'Unsent', app: 'db', team: 'down' }),
  ]);
  await has(['"notification":', 'Notify failed'], 'any');
  await post(
    'silences',
    {
      matchers: [{ name: 'alertname', value: 'Noise', isRegex: false, isEqual: true }],
      startsAt,
      endsAt: new Date(Date.now() + 3_600_000).toISOString(),
      createdBy: 'ann',
      comment: 'planned\u001b[31m work',
    },
    replicas.slice(0, 1),
  );
  await gossip();
  await post('alerts', [
    alert({ alertname: 'Noise', app: 'web' }),
    alert({ alertname: 'Down', app: 'pay', severity: 'critical' }),
  ]);
  await has(['"silenceMutedAlert":'], 'all');
  await post('alerts', [alert({ alertname: 'Slow', app: 'pay' })]);
  await has(['"inhibitionMutedAlert":'], 'all');
  await gossip();
  // As the ruler does while the alert fires.
  for (let i = 0; i < 3; i++) await post('alerts', [alert({ alertname: 'Flood', app: 'cart' })]);
  await post('alerts', [alert({ alertname: 'Flood', app: 'cart' }, { endsAt: new Date().toISOString() })]);
  await has(['"alertResolved":'], 'all');
}
