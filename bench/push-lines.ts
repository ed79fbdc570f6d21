import type { LogEntry, LokiClient } from '../lib/engines';

/** Lines per push: about as many as a batch of Promtail, 1 MiB. */
const BATCH_LINES = 10_000;

/** Concurrent pushes. */
const IN_FLIGHT = 4;

/** Duration of the pushes in seconds. */
const DURATION_S = 5;

const LABELS = { job: 'bench/push', namespace: 'bench', app: 'push' };

/** Pushes lines to one stream as fast as Loki accepts them, with concurrent requests. */
export async function pushLines(loki: LokiClient) {
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  let lines = 0;
  const pusher = async () => {
    while (elapsed() < DURATION_S) {
      const from = lines;
      lines += BATCH_LINES;
      await loki.push([{ labels: LABELS, entries: entries(from) }]);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, pusher));
  const seconds = elapsed();
  const { result } = await loki.query(`sum(count_over_time({job="${LABELS.job}"}[${DURATION_S * 12}s]))`);
  const [series] = result as readonly { readonly value: readonly [number, string] }[];
  return {
    lines,
    seconds,
    counted: Number(series?.value[1] ?? 0),
    note: `JSON, ${BATCH_LINES} lines per request, ${IN_FLIGHT} concurrent, from Node`,
  };
}

function entries(from: number): LogEntry[] {
  const now = Date.now();
  const time = new Date(now).toISOString();
  const timeNs = BigInt(now) * 1_000_000n;
  return Array.from({ length: BATCH_LINES }, (_, index) => [
    timeNs,
    `127.0.0.1 - - [${time}] "GET /flood/${from + index} HTTP/1.1" 200 6`,
  ]);
}
