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
import { type DistributedStage, IMPATIENT_INGESTER, type LokiMember, startDistributed } from './distributed-stage';
import { type Push, startCanary, startPush } from './push';

/** The committed manifests, not what the code would synthesize today: they are what people apply. */
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
    ingester: IMPATIENT_INGESTER,
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

/** Titles of the messages on the flood so far; other rules may have their say about it too. */
const titles = () =>
  sink.requests
    .filter(({ path }) => path !== HEARTBEAT_PATH)
    .map(({ body, time }) => readSlackMessage(body, time).title)
    .filter((title) => title.includes('High log rate'));

/** Lines that a query through frontend, scheduler and querier finds. */
async function found(): Promise<number> {
  const client = new LokiClient(first(stage.of('query-frontend')).engine.url);
  const answer = await client.query('sum(count_over_time({namespace="demo"}[30m]))');
  return answer.resultType === 'vector' ? Number(answer.result[0]?.value[1] ?? 0) : Number.NaN;
}

/** The first of these in whose metrics the pattern is found. */
async function whose<T>(
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

/** A ruler that evaluates the rule of the flood; an Alertmanager that has sent messages. */
const EVALUATES = /^loki_prometheus_rule_group_rules\{.*high-log-rate/m;
const HAS_TOLD = /^alertmanager_notifications_total\{.*integration="slack".*\} [1-9]/m;

/** The sum over the labels of one of a process's counters. */
async function total({ engine }: LokiMember, metric: string): Promise<number> {
  const metrics = await (await fetch(`${engine.url}/metrics`)).text();
  const counts = [...metrics.matchAll(new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)`, 'gm'))];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Unix time in milliseconds at which the flood's alert ends, as an Alertmanager was told last; 0 without the alert. */
async function floodEnds({ url }: RunningEngine): Promise<number> {
  const answer = await fetch(`${url}/api/v2/alerts?filter=${encodeURIComponent('alertname="HighLogRate"')}`);
  const [alert] = (await answer.json()) as { readonly endsAt: string }[];
  return alert ? Date.parse(alert.endsAt) : 0;
}

/** Chunks that an ingester has written to object storage, and those that it could not. */
const flushed = (ingester: LokiMember) => total(ingester, 'loki_ingester_chunks_flushed_total');
const notFlushed = (ingester: LokiMember) => total(ingester, 'loki_ingester_chunks_flush_failures_total');

/** Waits until a counter of each of them has risen. */
async function untilRisen(members: readonly LokiMember[], counter: (one: LokiMember) => Promise<number>) {
  const before = await Promise.all(members.map(counter));
  await until(async () => {
    const now = await Promise.all(members.map(counter));
    return now.every((count, i) => count > (before[i] ?? 0));
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(500);
}

test('an ingester, the object storage, a ruler and an Alertmanager are killed in a flood: no line is lost, one message comes and one goes', async () => {
  // GIVEN a flood
  const killed = stage.of('ingester').at(-1);
  const rulers = stage.of('ruler');
  const { url } = first(stage.of('distributor')).engine;
  push = startPush(url, LINES_PER_SECOND);
  stopCanary = startCanary(url);

  // WHEN an ingester dies before the alert fires
  await until(async () => push.acknowledged > 15 * LINES_PER_SECOND);
  await killed?.kill();
  await until(async () => titles().length > 0);

  // AND after it the object storage, to which the others write all the time, until none of them can
  const alive = stage.of('ingester').filter((one) => one !== killed);
  await untilRisen(alive, flushed);
  await stage.minio.kill();
  const taken = push.acknowledged;
  await untilRisen(alive, notFlushed);
  await until(async () => push.acknowledged > taken + 20 * LINES_PER_SECOND);
  await stage.minio.restart();
  await untilRisen(alive, flushed);

  // AND after it the ruler that found the alert, and the Alertmanager that told of it
  const owner = await whose(rulers, ({ engine }) => engine, EVALUATES);
  const heir = first(rulers.filter((one) => one !== owner));
  const teller = await whose(alertmanagers, (engine) => engine, HAS_TOLD);
  await owner?.kill();
  if (teller) process.kill(-teller.pid, 'SIGKILL');
  await teller?.exited;
  await until(async () => (await whose([heir], ({ engine }) => engine, EVALUATES)) !== undefined);
  const listener = alertmanagers.find((one) => one !== teller) as RunningEngine;
  const before = await floodEnds(listener);
  await until(async () => (await floodEnds(listener)) > before);
  await push.finish();
  const flooded = [...titles()];
  await until(async () => titles().some((title) => title.includes('[RESOLVED]')));

  expect([owner, teller]).not.toContain(undefined);

  // THEN every push was acknowledged, and every line is there
  expect(push.failures).toEqual([]);
  expect(push.acknowledged).toBeGreaterThan(60 * LINES_PER_SECOND);
  expect(await found()).toBe(push.acknowledged);

  // AND people were told once that it began, and once that it ended
  expect(flooded).toEqual([expect.stringContaining('[FIRING] High log rate: demo/webservice')]);
  await sleep(30_000);
  expect(titles()).toEqual([...flooded, expect.stringContaining('[RESOLVED] High log rate: demo/webservice')]);

  // AND the heartbeat was heard, by nobody else
  expect(sink.requests.some(({ path }) => path === HEARTBEAT_PATH)).toBe(true);

  // AND WHEN the ingester comes back with its disk
  await killed?.restart();
  expect(await found()).toBe(push.acknowledged);

  // AND all ingesters write to object storage what they hold
  for (const ingester of stage.of('ingester')) await fetch(`${ingester.engine.url}/flush`, { method: 'POST' });
  const chunks = () => readdirSync(join(stage.minio.engine.dir, 'data/example-loki'), { recursive: true });
  await until(async () => chunks().some((path) => `${path}`.startsWith('fake/')));
  expect(await found()).toBe(push.acknowledged);
}, 900_000);
