import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSlackMessage } from '../../lib/demo-run/slack-message';
import {
  LokiClient,
  type RunningEngine,
  type RunningServer,
  startWebhookSink,
  type WebhookSink,
} from '../../lib/engines';
import { readDist } from '../../lib/kubernetes-objects/dist';
import { HEARTBEAT_PATH, startAlertmanagers } from './alertmanagers';
import { type DistributedStage, FAST_FLUSHES, type LokiMember, startDistributed } from './distributed-stage';
import { type Push, startCanary, startPush } from './push';

/** The committed manifests, which users apply. */
const manifests = readDist(join(__dirname, '../../examples/production/dist'));

const LINES_PER_SECOND = 2000;

let sink: WebhookSink;
let alertmanagers: readonly RunningEngine[] = [];
let stage: DistributedStage;
let push: Push;
let stopCanary: () => void = () => {};

beforeAll(async () => {
  sink = await startWebhookSink();
  alertmanagers = await startAlertmanagers(manifests, sink.url);
  stage = await startDistributed(manifests, {
    alertmanagerUrls: alertmanagers.map(({ url }) => url),
    ingester: FAST_FLUSHES,
  });
}, 180_000);

afterAll(async () => {
  push?.stop();
  stopCanary();
  await stage?.stop();
  await Promise.all(alertmanagers.map((each) => each.stop()));
  await sink?.close();
});

const first = ([member]: readonly LokiMember[]): LokiMember => {
  if (!member) throw new Error('no such member');
  return member;
};

/** Returns the titles of the messages on the flood so far, without those of other rules. */
const titles = () =>
  sink.requests
    .filter(({ path }) => path !== HEARTBEAT_PATH)
    .map(({ body, time }) => readSlackMessage(body, time).title)
    .filter((title) => title.includes('High log rate'));

/** Returns the number of lines that a query via frontend, scheduler and querier finds. */
async function found(): Promise<number> {
  const client = new LokiClient(first(stage.of('query-frontend')).engine.url);
  const answer = await client.query('sum(count_over_time({namespace="demo"}[30m]))');
  return answer.resultType === 'vector' ? Number(answer.result[0]?.value[1] ?? 0) : Number.NaN;
}

/** Returns the first process whose metrics match the pattern. */
async function findByMetrics<T>(
  all: readonly T[],
  engineOf: (one: T) => RunningServer,
  pattern: RegExp,
): Promise<T | undefined> {
  for (const one of all) {
    const metrics = await (await fetch(`${engineOf(one).url}/metrics`)).text();
    if (pattern.test(metrics)) return one;
  }
  return undefined;
}

/** Patterns of a ruler that evaluates the rule of the flood, and of an Alertmanager that sent messages. */
const EVALUATES = /^loki_prometheus_rule_group_rules\{.*high-log-rate/m;
const HAS_SENT = /^alertmanager_notifications_total\{.*integration="slack".*\} [1-9]/m;

/** Returns the sum of a counter of a process over all labels. */
async function total({ engine }: LokiMember, metric: string): Promise<number> {
  const metrics = await (await fetch(`${engine.url}/metrics`)).text();
  const counts = [...metrics.matchAll(new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)`, 'gm'))];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Returns the end of the flood's alert in an Alertmanager, Unix milliseconds; 0 without the alert. */
async function floodEnds({ url }: RunningEngine): Promise<number> {
  const answer = await fetch(`${url}/api/v2/alerts?filter=${encodeURIComponent('alertname="HighLogRate"')}`);
  const [alert] = (await answer.json()) as { readonly endsAt: string }[];
  return alert ? Date.parse(alert.endsAt) : 0;
}

/** Counters of the chunks that an ingester flushed to object storage, and of failed flushes. */
const flushed = (ingester: LokiMember) => total(ingester, 'loki_ingester_chunks_flushed_total');
const notFlushed = (ingester: LokiMember) => total(ingester, 'loki_ingester_chunks_flush_failures_total');

/** Waits until a counter of each process has increased. */
async function untilIncreased(members: readonly LokiMember[], counter: (one: LokiMember) => Promise<number>) {
  const before = await Promise.all(members.map(counter));
  await until(async () => {
    const now = await Promise.all(members.map(counter));
    return now.every((count, i) => count > (before[i] ?? 0));
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(500);
}

test('loses no line and sends each message once if an ingester, MinIO, a ruler and an Alertmanager are killed in a flood', async () => {
  // GIVEN a flood
  const killed = stage.of('ingester').at(-1);
  const rulers = stage.of('ruler');
  const { url } = first(stage.of('distributor')).engine;
  push = startPush(url, LINES_PER_SECOND);
  stopCanary = startCanary(url);

  // WHEN an ingester is killed before the alert fires
  await until(async () => push.acknowledged > 15 * LINES_PER_SECOND);
  await killed?.kill();
  await until(async () => titles().length > 0);

  // AND then the object storage, until no other ingester can flush to it
  const alive = stage.of('ingester').filter((one) => one !== killed);
  await untilIncreased(alive, flushed);
  await stage.minio.kill();
  const taken = push.acknowledged;
  await untilIncreased(alive, notFlushed);
  await until(async () => push.acknowledged > taken + 20 * LINES_PER_SECOND);
  await stage.minio.restart();
  await untilIncreased(alive, flushed);

  // AND then the ruler that evaluates the alert, and the Alertmanager that sent the message
  const owner = await findByMetrics(rulers, ({ engine }) => engine, EVALUATES);
  const successor = first(rulers.filter((one) => one !== owner));
  const sender = await findByMetrics(alertmanagers, (engine) => engine, HAS_SENT);
  await owner?.kill();
  if (sender) process.kill(-sender.pid, 'SIGKILL');
  await sender?.exited;
  await until(async () => (await findByMetrics([successor], ({ engine }) => engine, EVALUATES)) !== undefined);
  const remaining = alertmanagers.find((one) => one !== sender) as RunningEngine;
  const before = await floodEnds(remaining);
  await until(async () => (await floodEnds(remaining)) > before);
  await push.finish();
  const flooded = [...titles()];
  await until(async () => titles().some((title) => title.includes('[RESOLVED]')));

  expect([owner, sender]).not.toContain(undefined);

  // THEN all pushes were acknowledged, and all lines exist
  expect(push.failures).toEqual([]);
  expect(push.acknowledged).toBeGreaterThan(60 * LINES_PER_SECOND);
  expect(await found()).toBe(push.acknowledged);

  // AND there is one message on the start and one on the end
  expect(flooded).toEqual([expect.stringContaining('[FIRING] High log rate: demo/webservice')]);
  await sleep(30_000);
  expect(titles()).toEqual([...flooded, expect.stringContaining('[RESOLVED] High log rate: demo/webservice')]);

  // AND the heartbeat arrived, at its receiver only
  expect(sink.requests.some(({ path }) => path === HEARTBEAT_PATH)).toBe(true);

  // AND WHEN the ingester restarts with its disk
  await killed?.restart();
  expect(await found()).toBe(push.acknowledged);

  // AND all ingesters flush to object storage
  for (const ingester of stage.of('ingester')) await fetch(`${ingester.engine.url}/flush`, { method: 'POST' });
  const chunks = () => readdirSync(join(stage.minio.engine.dir, 'data/example-loki'), { recursive: true });
  await until(async () => chunks().some((path) => `${path}`.startsWith('fake/')));
  expect(await found()).toBe(push.acknowledged);
}, 900_000);
