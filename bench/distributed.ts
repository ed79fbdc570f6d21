import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localLokiConfig } from '../lib/demo-run/local-configs';
import { type LogEntry, LokiClient, type RunningEngine, startLoki } from '../lib/engines';
import { readDist } from '../lib/kubernetes-objects/dist';
import { type DistributedStage, startDistributed } from '../test/loki/distributed-stage';
import type { Figure, OnProgress, Subject } from './figure';
import { type Reading, reading } from './idle';

const ROOT = join(__dirname, '..');

/** Lines that are pushed to each: 40 MB of them. */
const LINES = 400_000;

/** Lines of a push, and pushes at a time: enough to keep two cores busy, below Loki's limits on rates. */
const BATCH_LINES = 2_000;
const IN_FLIGHT = 4;

/** Streams that lines are spread over, so that all ingesters have some. */
const STREAMS = 20;

/** How often the query is asked. */
const QUERIES = 40;

/** Two processes of a kind would only compete for the same cores; three ingesters are what three copies need. */
const MEMBERS = [
  'ingester',
  'ingester',
  'ingester',
  'distributor',
  'query-scheduler',
  'query-frontend',
  'querier',
  'index-gateway',
  'compactor',
  'ruler',
] as const;

export const distributed: Subject = {
  name: 'distributed',
  description: 'lines per second, query latency, CPU and memory: one Loki against a distributed one; two minutes',
  measure,
};

interface Load {
  readonly name: string;
  readonly pushUrl: string;
  readonly queryUrl: string;
  readonly engines: readonly { readonly name: string; readonly engine: RunningEngine }[];
}

interface Result {
  readonly linesPerSecond: number;
  readonly median: number;
  readonly figures: readonly Figure[];
}

async function measure(tell: OnProgress): Promise<Figure[]> {
  const single = await onSingle(tell);
  const many = await onDistributed(tell);
  return [
    ...single.figures,
    ...many.figures,
    { what: 'distributed to single, lines/s', value: many.linesPerSecond / single.linesPerSecond, unit: 'x' },
    { what: 'distributed to single, query p50', value: many.median / single.median, unit: 'x' },
  ];
}

async function onSingle(tell: OnProgress): Promise<Result> {
  const manifests = readDist(join(ROOT, 'examples/single/dist'));
  const engine = await startLoki(({ dir }) => localLokiConfig(manifests, dir, 'http://127.0.0.1:9'), {
    files: { 'data/.keep': '' },
  });
  try {
    return await underLoad(
      { name: 'single', pushUrl: engine.url, queryUrl: engine.url, engines: [{ name: 'loki', engine }] },
      tell,
    );
  } finally {
    await engine.stop();
  }
}

async function onDistributed(tell: OnProgress): Promise<Result> {
  const stage = await startDistributed(readDist(join(ROOT, 'examples/production/dist')), { members: MEMBERS });
  try {
    const urlOf = (target: (typeof MEMBERS)[number]) => stage.of(target)[0]?.engine.url ?? '';
    const load = {
      name: 'distributed',
      pushUrl: urlOf('distributor'),
      queryUrl: urlOf('query-frontend'),
      engines: [...stage.members, { name: 'object storage (MinIO)', engine: stage.minio.engine }],
    };
    const result = await underLoad(load, tell);
    return { ...result, figures: [...result.figures, await inBucket(stage, tell)] };
  } finally {
    await stage.stop();
  }
}

async function underLoad({ name, pushUrl, queryUrl, engines }: Load, tell: OnProgress): Promise<Result> {
  const before = engines.map(({ engine }) => reading(engine));
  const seconds = await pushAll(new LokiClient(pushUrl));
  const after = engines.map(({ engine }) => reading(engine));
  tell(`${name}: ${LINES} lines in ${seconds.toFixed(1)} s`);
  const client = new LokiClient(queryUrl);
  const counted = await count(client);
  if (counted !== LINES) throw new Error(`${name}: ${LINES} lines were acknowledged, and ${counted} are found`);
  const times: number[] = [];
  while (times.length < QUERIES) {
    const start = performance.now();
    await count(client);
    times.push((performance.now() - start) / 1000);
  }
  times.sort((a, b) => a - b);
  const quantile = (share: number) => times[Math.floor(share * times.length)] ?? Number.NaN;
  const linesPerSecond = LINES / seconds;
  const note = `count_over_time of ${LINES} lines in ${STREAMS} streams, ${QUERIES} times`;
  return {
    linesPerSecond,
    median: quantile(0.5),
    figures: [
      {
        what: `${name}: lines/s`,
        value: linesPerSecond,
        unit: 'lines/s',
        note: `JSON, ${BATCH_LINES} lines a push, ${IN_FLIGHT} at a time, from Node on the same cores; all are found`,
      },
      { what: `${name}: query p50`, value: quantile(0.5) * 1000, unit: 'ms', note },
      { what: `${name}: query p95`, value: quantile(0.95) * 1000, unit: 'ms', note },
      ...engines.flatMap((each, i) => usage(`${name}: ${each.name}`, before[i], after[i], reading(each.engine))),
    ],
  };
}

function usage(what: string, before?: Reading | string, after?: Reading | string, end?: Reading | string): Figure[] {
  if (typeof before !== 'object' || typeof after !== 'object' || typeof end !== 'object') return [];
  return [
    {
      what: `${what}, CPU a million lines`,
      value: ((after.cpuS - before.cpuS) / LINES) * 1e6,
      unit: 's',
      note: 'while they are pushed',
    },
    { what: `${what}, memory`, value: end.residentMib, unit: 'MiB', note: 'resident, after the queries' },
  ];
}

/** What the bucket holds of the lines once all is written, in bytes per byte of them; three ingesters hold each line. */
async function inBucket({ of, minio }: DistributedStage, tell: OnProgress): Promise<Figure> {
  for (const { engine } of of('ingester')) await fetch(`${engine.url}/flush`, { method: 'POST' });
  const chunks = join(minio.engine.dir, 'data', 'example-loki', 'fake');
  const size = () => {
    try {
      return readdirSync(chunks, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
    } catch {
      return 0;
    }
  };
  let [before, now] = [-1, size()];
  while (now === 0 || now !== before) {
    await sleep(3000);
    [before, now] = [now, size()];
  }
  const raw = Array.from({ length: LINES }, (_, i) => line(i).length).reduce((sum, length) => sum + length, 0);
  tell(`${raw} bytes of lines are ${now} bytes of chunks`);
  return { what: 'distributed: bucket to lines', value: now / raw, unit: 'x', note: 'bytes, all copies together' };
}

async function pushAll(client: LokiClient): Promise<number> {
  const start = performance.now();
  let next = 0;
  const pusher = async () => {
    while (next < LINES) {
      const from = next;
      next += BATCH_LINES;
      const now = BigInt(Date.now()) * 1_000_000n;
      const stream = (from / BATCH_LINES) % STREAMS;
      const entries = Array.from({ length: BATCH_LINES }, (_, i): LogEntry => [now + BigInt(i), line(from + i)]);
      await client.push([{ labels: { job: 'bench/distributed', namespace: 'bench', pod: `pod-${stream}` }, entries }]);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, pusher));
  return (performance.now() - start) / 1000;
}

/** An access log's line, as unlike the next as real ones are: addresses, paths, sizes and times differ. */
function line(number: number): string {
  const mixed = Math.imul(number ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const address = `10.${mixed & 255}.${(mixed >>> 8) & 255}.${(mixed >>> 16) & 255}`;
  return `${address} - - "GET /shop/${mixed % 997}/item/${number} HTTP/1.1" ${mixed % 50 === 0 ? 500 : 200} ${mixed % 20011} "Mozilla/5.0" 0.${mixed % 1000}`;
}

async function count(client: LokiClient): Promise<number> {
  const { result } = await client.query('sum(count_over_time({job="bench/distributed"}[30m]))');
  const [series] = result as readonly { readonly value: readonly [number, string] }[];
  return Number(series?.value[1] ?? 0);
}
