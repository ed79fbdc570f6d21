import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localLokiConfig } from '../lib/demo-run/local-configs';
import type { OnProgress } from '../lib/engines';
import { type LogEntry, LokiClient, startLoki } from '../lib/engines';
import { readDist } from '../lib/kubernetes-objects/dist';
import { type DistributedStage, startDistributed } from '../test/loki/distributed-stage';
import type { Figure, Subject } from './figure';
import { type Reading, reading } from './idle';

const ROOT = join(__dirname, '..');

/** Lines to push to each: 40 MB. */
const LINES = 400_000;

/** Lines per push, and concurrent pushes: enough to keep two cores busy, below Loki's rate limits. */
const BATCH_LINES = 2_000;
const IN_FLIGHT = 4;

/** Number of streams: enough for every ingester to have some. */
const STREAMS = 20;

/** Number of queries. */
const QUERIES = 40;

/**
 * One process per target, because more would compete for the same cores; three ingesters for a replication factor of 3.
 */
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
  description: 'lines per second, query latency, CPU and memory of a single and a distributed Loki; two minutes',
  measure,
};

interface Load {
  readonly name: string;
  readonly pushUrl: string;
  readonly queryUrl: string;
  readonly processes: readonly (Parameters<typeof reading>[0] & { readonly name: string })[];
}

interface Result {
  readonly linesPerSecond: number;
  readonly median: number;
  readonly figures: readonly Figure[];
}

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  const single = await measureSingle(onProgress);
  const many = await measureDistributed(onProgress);
  return [
    ...single.figures,
    ...many.figures,
    { what: 'distributed to single, lines/s', value: many.linesPerSecond / single.linesPerSecond, unit: 'x' },
    { what: 'distributed to single, query p50', value: many.median / single.median, unit: 'x' },
  ];
}

async function measureSingle(onProgress: OnProgress): Promise<Result> {
  const manifests = readDist(join(ROOT, 'examples/single/dist'));
  const engine = await startLoki(({ dir }) => localLokiConfig(manifests, dir, 'http://127.0.0.1:9'), {
    files: { 'data/.keep': '' },
  });
  try {
    return await measureLoad(
      { name: 'single', pushUrl: engine.url, queryUrl: engine.url, processes: [{ name: 'loki', ...engine }] },
      onProgress,
    );
  } finally {
    await engine.stop();
  }
}

async function measureDistributed(onProgress: OnProgress): Promise<Result> {
  const stage = await startDistributed(readDist(join(ROOT, 'examples/production/dist')), { members: MEMBERS });
  try {
    const urlOf = (target: (typeof MEMBERS)[number]) => stage.of(target)[0]?.engine.url ?? '';
    const load = {
      name: 'distributed',
      pushUrl: urlOf('distributor'),
      queryUrl: urlOf('query-frontend'),
      processes: [
        // A pod's own process id is that of what runs the container.
        ...stage.members.map(({ name, engine }) => ({ name, pid: engine.programPid })),
        { name: 'object storage (MinIO)', ...stage.minio.engine },
      ],
    };
    const result = await measureLoad(load, onProgress);
    return { ...result, figures: [...result.figures, await measureBucket(stage, onProgress)] };
  } finally {
    await stage.stop();
  }
}

async function measureLoad({ name, pushUrl, queryUrl, processes }: Load, onProgress: OnProgress): Promise<Result> {
  const before = processes.map(reading);
  const seconds = await pushAll(new LokiClient(pushUrl));
  const after = processes.map(reading);
  onProgress(`${name}: ${LINES} lines in ${seconds.toFixed(1)} s`);
  const client = new LokiClient(queryUrl);
  const counted = await count(client);
  if (counted !== LINES) throw new Error(`${name}: Loki acknowledged ${LINES} lines, but a query counts ${counted}`);
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
        note: `JSON, ${BATCH_LINES} lines per push, ${IN_FLIGHT} concurrent, from Node on the same cores; all lines are found`,
      },
      { what: `${name}: query p50`, value: quantile(0.5) * 1000, unit: 'ms', note },
      { what: `${name}: query p95`, value: quantile(0.95) * 1000, unit: 'ms', note },
      ...processes.flatMap((each, i) => usage(`${name}: ${each.name}`, before[i], after[i], reading(each))),
    ],
  };
}

function usage(what: string, before?: Reading | string, after?: Reading | string, end?: Reading | string): Figure[] {
  if (typeof before !== 'object' || typeof after !== 'object' || typeof end !== 'object') return [];
  return [
    {
      what: `${what}, CPU per million lines`,
      value: ((after.cpuS - before.cpuS) / LINES) * 1e6,
      unit: 's',
      note: 'during the pushes',
    },
    { what: `${what}, memory`, value: end.residentMib, unit: 'MiB', note: 'resident, after the queries' },
  ];
}

/** Measures the size of the bucket after a flush, relative to the lines. Three ingesters store each line. */
async function measureBucket({ of, minio }: DistributedStage, onProgress: OnProgress): Promise<Figure> {
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
  onProgress(`${raw} bytes of lines, ${now} bytes of chunks`);
  return { what: 'distributed: bucket to lines', value: now / raw, unit: 'x', note: 'in bytes, all replicas' };
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

/** Returns an access log line. Adjacent lines differ in address, path, size and time, like real ones. */
function line(number: number): string {
  const hash = Math.imul(number ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const address = `10.${hash & 255}.${(hash >>> 8) & 255}.${(hash >>> 16) & 255}`;
  return `${address} - - "GET /shop/${hash % 997}/item/${number} HTTP/1.1" ${hash % 50 === 0 ? 500 : 200} ${hash % 20011} "Mozilla/5.0" 0.${hash % 1000}`;
}

async function count(client: LokiClient): Promise<number> {
  const { result } = await client.query('sum(count_over_time({job="bench/distributed"}[30m]))');
  const [series] = result as readonly { readonly value: readonly [number, string] }[];
  return Number(series?.value[1] ?? 0);
}
