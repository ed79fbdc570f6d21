import { setTimeout as sleep } from 'node:timers/promises';
import { type LogStream, LokiClient } from '../../lib/engines';
import { CANARY_PERIOD_S, LOG_CANARY } from '../../lib/monitoring/log-canary';

/** A push of lines at a constant rate, and its results. */
export interface Push {
  /** Number of lines that Loki accepted. */
  readonly acknowledged: number;
  /** Errors of rejected pushes. */
  readonly failures: readonly string[];
  /** Stops pushing. */
  stop(): void;
  /** Stops pushing, and waits for pending requests. */
  finish(): Promise<void>;
}

/** Milliseconds between two pushes. */
const TICK_MS = 100;

/** Number of streams of the lines, one per pod. */
const PODS = 10;

/** Pushes different lines of one app in batches, with the labels of a collector. */
export function startPush(url: string, linesPerSecond: number): Push {
  const client = new LokiClient(url);
  const failures: string[] = [];
  const started = Date.now();
  let sent = 0;
  let acknowledged = 0;
  let stopped = false;
  const loop = async () => {
    while (!stopped) {
      await sleep(TICK_MS);
      // The number of lines depends on the elapsed time, so that a late push does not lower the rate.
      const due = Math.floor(((Date.now() - started) / 1000) * linesPerSecond);
      await client.push(batch(sent, due)).then(
        () => {
          acknowledged += due - sent;
        },
        (error: Error) => failures.push(error.message),
      );
      sent = due;
    }
  };
  const done = loop();
  const stop = () => {
    stopped = true;
  };
  return {
    get acknowledged() {
      return acknowledged;
    },
    failures,
    stop,
    finish: () => {
      stop();
      return done;
    },
  };
}

/** Pushes the lines of the stack's canary, which continue after a flood. @returns function that stops it */
export function startCanary(url: string): () => void {
  const client = new LokiClient(url);
  const labels = { job: `logging/${LOG_CANARY}`, namespace: 'logging', app: LOG_CANARY };
  let sent = 0;
  const send = () => {
    sent++;
    // A line that is rejected while an ingester is down is lost, as in a cluster until a retry.
    client.push([{ labels, entries: [[BigInt(Date.now()) * 1_000_000n, `canary ${sent}`]] }]).catch(() => {});
  };
  send();
  const timer = setInterval(send, CANARY_PERIOD_S * 1000);
  return () => clearInterval(timer);
}

function batch(from: number, to: number): LogStream[] {
  const now = BigInt(Date.now()) * 1_000_000n;
  return Array.from({ length: PODS }, (_, pod) => ({
    labels: {
      job: 'demo/webservice',
      namespace: 'demo',
      app: 'webservice',
      pod: `webservice-${pod}`,
      container: 'webservice',
    },
    entries: Array.from({ length: Math.max(0, Math.ceil((to - from - pod) / PODS)) }, (_, i) => {
      const number = from + pod + i * PODS;
      return [now + BigInt(i), `"GET /flood/${number} HTTP/1.1" 200 6`] as const;
    }),
  })).filter(({ entries }) => entries.length > 0);
}
