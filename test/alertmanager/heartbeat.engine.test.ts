import { setTimeout as sleep } from 'node:timers/promises';
import {
  ensureEngines,
  LokiClient,
  quickLokiConfig,
  type RunningEngine,
  startAlertmanager,
  startLoki,
  startWebhookSink,
  type WebhookSink,
} from '../../lib/engines';
import { LOG_CANARY } from '../../lib/monitoring/log-canary';
import { ruleFileToYaml } from '../../lib/rules/write';
import { PROFILE_DEFAULTS } from '../../lib/stack/profiles';
import { stackAlertmanagerConfig } from '../../lib/stack/routing';
import { watchdog } from '../../rules';

/** Shorter than in a cluster. Loki ends an alert after four times the interval at which it resends it. */
const EVALUATION = '1s';

const { groups, ...file } = watchdog({ grafanaUrl: 'http://localhost:3000' });
const RULES = ruleFileToYaml({ ...file, groups: groups.map((group) => ({ ...group, interval: EVALUATION })) }).replace(
  '[3m]',
  '[6s]',
);

const HEARTBEAT = '2s';
const HEARTBEAT_MS = 2000;

/** Time without a call after which the calls count as stopped. */
const QUIET_MS = 5 * HEARTBEAT_MS;

let service: WebhookSink;
let slack: WebhookSink;
let alertmanager: RunningEngine;
let loki: RunningEngine | undefined;
let canaryRuns = true;
let canary: NodeJS.Timeout;

/** Pushes the canary's line as the collector does. */
function pushCanary(): void {
  if (!canaryRuns || !loki) return;
  const entries: [bigint, string][] = [[BigInt(Date.now()) * 1_000_000n, 'canary']];
  const push = new LokiClient(loki.url).push([{ labels: { namespace: 'logging', app: LOG_CANARY }, entries }]);
  // Fails while Loki is down.
  push.catch(() => {});
}

beforeAll(async () => {
  await ensureEngines(['loki', 'alertmanager']);
  service = await startWebhookSink();
  slack = await startWebhookSink();
  alertmanager = await startAlertmanager(
    stackAlertmanagerConfig({
      slack: { webhookUrl: slack.url },
      heartbeat: { webhookUrl: service.url, interval: HEARTBEAT },
      times: PROFILE_DEFAULTS.demo.routeTimes,
    }).config,
  );
  canary = setInterval(pushCanary, 500);
});

afterAll(async () => {
  clearInterval(canary);
  await loki?.stop();
  await alertmanager?.stop();
  await service?.close();
  await slack?.close();
});

/** Loki with the watchdog as its only rule. */
async function start(): Promise<RunningEngine> {
  const ruler = {
    alertmanager_url: alertmanager.url,
    evaluation_interval: EVALUATION,
    poll_interval: EVALUATION,
    resend_delay: EVALUATION,
  };
  return startLoki(({ dir }) => quickLokiConfig({ dir, ruler }), {
    files: { [`rules/fake/${file.name}`]: RULES },
  });
}

/** Resolves after this number of further calls. */
async function waitForBeats(count: number): Promise<void> {
  const last = service.requests.length + count - 1;
  await service.waitFor((request) => request === service.requests[last], 60_000);
}

/** @throws Error if the calls continue for a minute */
async function waitForSilence(): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() - (service.requests.at(-1)?.time ?? 0) < QUIET_MS) {
    if (Date.now() > deadline) throw new Error('the heartbeat continues');
    await sleep(200);
  }
}

test('the service is called repeatedly, except while Loki is down', async () => {
  // GIVEN a running stack
  loki = await start();
  await waitForBeats(4);

  // WHEN Loki stops THEN the calls stop, and none is for a resolved alert
  await loki.stop();
  await waitForSilence();
  const states = service.requests.map(({ body }) => JSON.parse(body).status);
  expect(new Set(states)).toEqual(new Set(['firing']));

  // WHEN it is back THEN the calls resume
  loki = await start();
  await waitForBeats(2);

  // AND no one else was notified
  expect(slack.requests).toEqual([]);
});

test('there are no calls while no lines of the canary arrive, although Loki and Alertmanager run', async () => {
  canaryRuns = false;
  await waitForSilence();

  canaryRuns = true;
  await waitForBeats(2);
  expect(slack.requests).toEqual([]);
});

test('there are no calls without Alertmanager', async () => {
  await alertmanager.stop();
  await waitForSilence();
});
