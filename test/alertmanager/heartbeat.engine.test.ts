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

/** Everything sooner than in a cluster; Loki gives an alert an end four times as far away as it sends it anew. */
const EVALUATION = '1s';

const { groups, ...file } = watchdog({ grafanaUrl: 'http://localhost:3000' });
const RULES = ruleFileToYaml({ ...file, groups: groups.map((group) => ({ ...group, interval: EVALUATION })) }).replace(
  '[3m]',
  '[6s]',
);

const HEARTBEAT = '2s';
const HEARTBEAT_MS = 2000;

/** No post for this long means that none comes any more. */
const QUIET_MS = 5 * HEARTBEAT_MS;

let service: WebhookSink;
let slack: WebhookSink;
let alertmanager: RunningEngine;
let loki: RunningEngine | undefined;
let sings = true;
let singing: NodeJS.Timeout;

/** What the collector makes of the canary's line. */
function sing(): void {
  if (!sings || !loki) return;
  const entries: [bigint, string][] = [[BigInt(Date.now()) * 1_000_000n, 'canary']];
  const push = new LokiClient(loki.url).push([{ labels: { namespace: 'logging', app: LOG_CANARY }, entries }]);
  // A dead Loki takes none.
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
  singing = setInterval(sing, 500);
});

afterAll(async () => {
  clearInterval(singing);
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

/** Resolves when so many further calls have come. */
async function waitForBeats(count: number): Promise<void> {
  const last = service.requests.length + count - 1;
  await service.waitFor((request) => request === service.requests[last], 60_000);
}

/** @throws if it goes on for a minute */
async function waitForSilence(): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() - (service.requests.at(-1)?.time ?? 0) < QUIET_MS) {
    if (Date.now() > deadline) throw new Error('the heartbeat goes on');
    await sleep(200);
  }
}

test('the service is called again and again, no longer when Loki is dead, and again when it is back', async () => {
  // GIVEN a stack that lives
  loki = await start();
  await waitForBeats(4);

  // WHEN Loki dies THEN the calls end, and none tells that the alert is over
  await loki.stop();
  await waitForSilence();
  const states = service.requests.map(({ body }) => JSON.parse(body).status);
  expect(new Set(states)).toEqual(new Set(['firing']));

  // WHEN it is back THEN so are they
  loki = await start();
  await waitForBeats(2);

  // AND nobody else has heard of any of it
  expect(slack.requests).toEqual([]);
});

test('nor are there calls while no line of the canary arrives, though Loki and Alertmanager live', async () => {
  sings = false;
  await waitForSilence();

  sings = true;
  await waitForBeats(2);
  expect(slack.requests).toEqual([]);
});

test('without Alertmanager there is no call either', async () => {
  await alertmanager.stop();
  await waitForSilence();
});
