import { setTimeout as sleep } from 'node:timers/promises';
import { type LogStream, LokiClient } from '../../lib/engines';
import { CANARY_PERIOD_S, LOG_CANARY } from '../../lib/monitoring/log-canary';

/** Lines sent at an even rate, and what became of them. */
export interface Push {
  /** Lines of the pushes that Loki took. */
  readonly acknowledged: number;
  /** What Loki said of those that it refused. */
  readonly failures: readonly string[];
  /** Sends nothing more. */
  stop(): void;
  /** The same, and waits for what is on its way. */
  finish(): Promise<void>;
}

/** Milliseconds between two pushes. */
const TICK_MS = 100;

/** Streams that the lines are spread over, as those of so many pods would be. */
const PODS = 10;

/** Pushes lines of one app, each different, as a collector would: labels of the stack, a batch at a time. */
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
      // The number of lines follows from the time that passed, so a late push does not lower the rate.
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

/** Pushes the lines of the stack's canary, which go on when a flood ends. @returns what stops it */
export function startCanary(url: string): () => void {
  const client = new LokiClient(url);
  const labels = { job: `logging/${LOG_CANARY}`, namespace: 'logging', app: LOG_CANARY };
  let sent = 0;
  const send = () => {
    sent++;
    // One that is refused while an ingester is away is missing, as it would be in a cluster until it is sent again.
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
