import type { LogEntry, LogStream, LokiClient } from '../lib/engines';

/** A steady load of access log lines, like those of web services behind an ingress. */
export interface AccessLogLoad {
  /** Total rate of all streams. */
  readonly linesPerSecond: number;
  /** Number of streams, each with its own app. */
  readonly streams: number;
  /** One of this many lines is an error, with ids that differ in each line. @default none */
  readonly linesPerError?: number;
}

/** Time range of the lines of a push in seconds: 10,000 lines at 1,000 lines/s. */
const BATCH_S = 10;

/** Concurrent pushes. */
const IN_FLIGHT = 4;

const NODES = 3;

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'okhttp/4.12.0',
  'kube-probe/1.33',
];

const PATHS = ['/', '/api/v1/orders', '/api/v1/carts', '/assets/app.js', '/search', '/healthz', '/login'];

/** One of 20 requests fails. */
const STATUSES = [...Array<number>(14).fill(200), 201, 204, 304, 304, 404, 500];

/** Returns line `n`, which only depends on the number and the time. */
function line(n: number, ms: number): string {
  // A multiplicative hash: adjacent lines differ in every field, so that they don't compress better than real ones.
  const hash = Math.imul(n, 2_654_435_761) >>> 0;
  const pick = <T>(list: readonly T[], shift: number) => list[(hash >>> shift) % list.length];
  const address = `10.${hash & 31}.${(hash >>> 5) & 255}.${(hash >>> 13) & 255}`;
  const path = `${pick(PATHS, 3)}?id=${hash.toString(36)}`;
  return `${address} - - [${new Date(ms).toISOString()}] "GET ${path} HTTP/1.1" ${pick(STATUSES, 7)} ${hash % 50_000} "-" "${pick(AGENTS, 11)}" ${(hash % 900) / 1000}`;
}

/** Returns error `n` in one of three formats. Loki detects their level. */
function error(n: number, ms: number): string {
  const id = (Math.imul(n, 2_654_435_761) >>> 0).toString(16);
  const time = new Date(ms).toISOString();
  const formats = [
    `${time} ERROR [orders,${id}] could not reserve item ${n} for order ${id}: timeout after ${n % 5000} ms`,
    JSON.stringify({
      time,
      level: 'error',
      msg: `payment ${n} failed`,
      trace_id: id,
      err: `dial tcp 10.0.0.${n % 255}`,
    }),
    `time=${time} level=error msg="request failed" path=/api/v1/orders/${id} status=500 duration=${n % 900}ms`,
  ];
  return formats[n % formats.length] as string;
}

/** Returns the lines of a time range by stream. @param from Unix time in milliseconds, a whole second */
function batch({ linesPerSecond, streams, linesPerError }: AccessLogLoad, from: number, seconds: number): LogStream[] {
  const first = Math.round(from / 1000) * linesPerSecond;
  const step = 1000 / linesPerSecond;
  return Array.from({ length: streams }, (_, stream) => {
    const labels = {
      namespace: `shop-${stream % 4}`,
      app: `web-${stream}`,
      job: `shop-${stream % 4}/web-${stream}`,
      pod: `web-${stream}-7d9c5b6f4-x2x7k`,
      container: 'web',
      node_name: `node-${stream % NODES}`,
      stream: 'stdout',
    };
    const entries: LogEntry[] = [];
    for (let n = stream; n < seconds * linesPerSecond; n += streams) {
      const ms = from + n * step;
      const write = linesPerError !== undefined && Math.floor(n / streams) % linesPerError === 0 ? error : line;
      entries.push([BigInt(Math.round(ms * 1e6)), write(first + n, ms)]);
    }
    return { labels, entries };
  });
}

/**
 * Pushes the lines of a time range, oldest first, as fast as Loki accepts them.
 * @param from Unix time in milliseconds, inclusive
 * @param to Unix time in milliseconds, exclusive
 * @returns number of lines and their size in bytes
 */
export async function pushAccessLog(loki: LokiClient, load: AccessLogLoad, from: number, to: number) {
  const total = { lines: 0, bytes: 0 };
  let next = from;
  const pusher = async () => {
    while (next < to) {
      const begin = next;
      next += BATCH_S * 1000;
      const streams = batch(load, begin, Math.min(BATCH_S, (to - begin) / 1000));
      for (const { entries } of streams) {
        total.lines += entries.length;
        for (const [, text] of entries) total.bytes += text.length;
      }
      await loki.push(streams);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, pusher));
  return total;
}
