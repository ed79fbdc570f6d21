import {
  type Engine,
  type LogEntry,
  type LogStream,
  LokiClient,
  LokiRefusal,
  quickLokiConfig,
  type RunningEngine,
  startLoki,
} from '../engines';
import type { Labels } from './labels';
import type { TestStream } from './lines';
import { type Sample, type Series, samplesAt, seriesOver } from './series';
import { WrongResult } from './wrong-result';

/** Test time 0 in Unix seconds, 2025-01-01: fixed, so that results do not depend on the date. */
export const EPOCH_S = 1_735_689_600;
const EPOCH_NS = BigInt(EPOCH_S) * 1_000_000_000n;

/** A log line that a query returned. */
export interface FoundLine {
  readonly labels: Labels;
  readonly line: string;
  /** Nanoseconds from the start of the test. */
  readonly ns: number;
}

/** Bytes of lines in one push: below gRPC's 4 MiB between distributor and ingester, even with JSON's escapes. */
const PUSH_BYTES = 1024 * 1024;

/** Maximum number of lines that a query of `exp_logs` returns. */
const MAX_LOG_LINES = 5000;

/** The Loki process that evaluates tests, with one tenant per test. */
export class TestLoki {
  private tenants = 0;

  private constructor(private readonly loki: RunningEngine) {}

  /** Starts Loki. @throws with the end of its log if it does not start */
  static async start(engine: Engine): Promise<TestLoki> {
    return new TestLoki(await startLoki(({ dir }) => testLokiConfig(dir), { engine }));
  }

  get version(): string {
    return this.loki.engine.version;
  }

  /** Resolves with the reason when the process exits. */
  get exited(): Promise<string> {
    return this.loki.exited;
  }

  /** End of its log. */
  logs(): string {
    return this.loki.logs();
  }

  stop(): Promise<void> {
    return this.loki.stop();
  }

  /** Creates a tenant with these streams. @throws with Loki's reason if it rejects any */
  async tenant(streams: readonly TestStream[]): Promise<TestTenant> {
    const client = new LokiClient(this.loki.url, { tenant: `test-${++this.tenants}` });
    for (const batch of batches(streams)) await pushWithRetries(client, batch);
    return new TestTenant(client);
  }
}

/** Retries pushes that time out on a busy machine; this is safe, since Loki drops duplicate lines. */
async function pushWithRetries(client: LokiClient, batch: readonly LogStream[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.push(batch);
    } catch (error) {
      if (attempt === 3 || !(error instanceof LokiRefusal && error.status >= 500)) throw error;
    }
  }
}

function testLokiConfig(dir: string): object {
  // The series limit applies to each evaluation, as in the ruler, not to the whole test: `evaluate` checks it.
  const config = quickLokiConfig({ dir, multiTenant: true, maxQuerySeries: 1_000_000 }) as Readonly<
    Record<string, object>
  >;
  return {
    ...config,
    server: {
      ...config.server,
      grpc_server_max_recv_msg_size: 256 * 1024 * 1024,
      grpc_server_max_send_msg_size: 256 * 1024 * 1024,
    },
    // A busy machine needs longer than the default of 5 s for a million lines.
    ingester_client: { remote_timeout: '60s' },
    // The ruler neither shards nor splits queries, so neither happens here.
    // A query that fails, fails again: five attempts, the default, take 16 s.
    query_range: { ...config.query_range, parallelise_shardable_queries: false, max_retries: 1 },
    limits_config: {
      ...config.limits_config,
      split_queries_by_interval: '0s',
      max_entries_limit_per_query: MAX_LOG_LINES + 1,
    },
  };
}

/** The lines of one test in Loki. */
export class TestTenant {
  constructor(private readonly client: LokiClient) {}

  /** Evaluates a metric query at 0, step, 2·step, … up to the end. @throws with Loki's reason */
  series(expr: string, stepMs: number, endMs: number): Promise<Series[]> {
    return seriesOver(this.client, expr, { startS: EPOCH_S, stepMs, lastStep: Math.floor(endMs / stepMs) });
  }

  /** Evaluates a metric query at one time. @throws with Loki's reason */
  samples(expr: string, atMs: number): Promise<Sample[]> {
    return samplesAt(this.client, expr, EPOCH_S + atMs / 1000);
  }

  /**
   * Returns the lines of a log query up to a time, oldest first.
   * @throws with Loki's reason, or if there are too many
   */
  async lines(expr: string, untilMs: number): Promise<FoundLine[]> {
    // The end of a log query is exclusive.
    const range = {
      start: EPOCH_S,
      end: EPOCH_S + (untilMs + 1) / 1000,
      limit: MAX_LOG_LINES + 1,
      direction: 'forward' as const,
    };
    const data = await this.client.queryRange(expr, range);
    if (data.resultType !== 'streams') throw new WrongResult(`the query returns ${data.resultType}, not lines`);
    const lines = data.result.flatMap(({ stream, values }) =>
      values.map(([time, line]) => ({ labels: stream, line, ns: Number(BigInt(time) - EPOCH_NS) })),
    );
    if (lines.length > MAX_LOG_LINES)
      throw new WrongResult(`the query returns more than ${MAX_LOG_LINES} lines: narrow it`);
    return lines.sort((a, b) => a.ns - b.ns);
  }
}

/** Splits streams into pushes of a size that Loki accepts. */
function* batches(streams: readonly TestStream[]): Generator<{ labels: Labels; entries: LogEntry[] }[]> {
  let batch: { labels: Labels; entries: LogEntry[] }[] = [];
  let bytes = 0;
  for (const { labels, lines } of streams) {
    let entries: LogEntry[] = [];
    batch.push({ labels, entries });
    for (const { ns, line, metadata } of lines) {
      const time = EPOCH_NS + BigInt(ns);
      entries.push(metadata ? [time, line, metadata] : [time, line]);
      // 32: timestamp and framing. A character has up to four bytes; the limit is far enough below gRPC's.
      bytes += line.length + 32 + (metadata ? JSON.stringify(metadata).length : 0);
      if (bytes < PUSH_BYTES) continue;
      yield batch;
      entries = [];
      batch = [{ labels, entries }];
      bytes = 0;
    }
  }
  const rest = batch.filter(({ entries }) => entries.length > 0);
  if (rest.length > 0) yield rest;
}
