import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logFile } from '../lib/demo-run/local-configs';
import { type LocalStage, WEBSERVICE } from '../lib/demo-run/local-stage';
import type { OnProgress } from '../lib/engines';
import { LokiClient } from '../lib/engines';
import type { Figure, Subject } from './figure';
import { pushLines } from './push-lines';
import { committedManifests, onStage } from './stage';

/** First rate to try, in lines per second; it is then doubled. */
const FIRST_RATE = 10_000;

/** Highest rate to try, in lines per second: about 2 million lines or 250 MB in total. */
const LAST_RATE = 160_000;

/** Bisections between the last sustained rate and the first one that was not. */
const BISECTIONS = 3;

/** Duration of each rate in seconds. */
const HELD_S = 5;

/**
 * A rate is sustained if Loki counts every line this number of seconds after the last one was written. Promtail alone
 * takes up to 1.3 s: it polls files every 250 ms, and sends a batch every second.
 */
const GRACE_S = 2;

/** Seconds to wait for late lines if a rate was too high. */
const DRAIN_S = 30;

/** Seconds after which no new rate is tried, so that the measurement takes at most 90 s. */
const BUDGET_S = 65;

/** Milliseconds between writes. */
const TICK_MS = 50;

export const throughput: Subject = {
  name: 'throughput',
  description: 'maximum lines per second from a file via Promtail to Loki, and by direct push; 90 s',
  measure,
};

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  return onStage(committedManifests(), onProgress, async (stage) => {
    const pushed = await pushLines(new LokiClient(stage.lokiUrl));
    onProgress(`pushed ${pushed.lines} lines in ${pushed.seconds.toFixed(1)} s, Loki counted ${pushed.counted}`);
    const { sustained, exceeded, lost } = await ramp(stage, onProgress);
    const bare = pushed.lines / pushed.seconds;
    return [
      {
        what: 'file to Promtail to Loki',
        value: sustained,
        unit: 'lines/s',
        note: `held for ${HELD_S} s, all lines counted ${GRACE_S} s later; ${exceeded ? `not sustained: ${exceeded}` : 'no higher rate tried'}; lost: ${lost}`,
      },
      {
        what: 'bare push to Loki',
        value: bare,
        unit: 'lines/s',
        note: `${pushed.note}; lost: ${pushed.lines - pushed.counted}`,
      },
      { what: 'Promtail to bare push', value: sustained / bare, unit: 'x' },
    ];
  });
}

interface Ramp {
  /** Highest sustained rate in lines per second. */
  readonly sustained: number;
  /** Lowest rate that was not sustained. */
  readonly exceeded?: number;
  /** Lines that never arrived, at all rates. */
  readonly lost: number;
}

async function ramp(stage: LocalStage, onProgress: OnProgress): Promise<Ramp> {
  const started = performance.now();
  const withinBudget = () => performance.now() - started < BUDGET_S * 1000;
  const file = join(
    stage.engines.find(({ engine }) => engine.name === 'promtail')?.dir ?? '',
    'pods',
    logFile(WEBSERVICE),
  );
  const loki = new LokiClient(stage.lokiUrl);
  await startFile(file, loki);
  let [sustained, lost] = [0, 0];
  let exceeded: number | undefined;
  const attempt = async (rate: number) => {
    const result = await tryRate(rate, file, loki);
    lost += result.lost;
    onProgress(
      `${rate} lines/s: ${result.sustained ? 'sustained' : 'not sustained'}, complete after ${result.lateS.toFixed(1)} s`,
    );
    if (result.sustained) sustained = rate;
    else exceeded = rate;
  };
  for (let rate = FIRST_RATE; rate <= LAST_RATE && exceeded === undefined && withinBudget(); rate *= 2)
    await attempt(rate);
  for (let left = BISECTIONS; left > 0 && exceeded !== undefined && withinBudget(); left--)
    await attempt((sustained + exceeded) / 2);
  return { sustained, exceeded, lost };
}

/** Writes the first line, and waits until Promtail finds the file. */
async function startFile(file: string, loki: LokiClient): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  // Loki's ranges include their end, not their start.
  const since = Date.now() - 1;
  appendFileSync(file, logLines(0, 1));
  const { missing } = await waitForLines(1, since, loki);
  if (missing > 0) throw new Error(`Promtail did not find ${file} within ${DRAIN_S} s`);
}

async function tryRate(rate: number, file: string, loki: LokiClient) {
  const since = Date.now();
  const total = Math.round(rate * HELD_S);
  for (let written = 0; written < total; ) {
    await sleep(TICK_MS);
    const due = Math.min(total, Math.floor(((Date.now() - since) / 1000) * rate));
    appendFileSync(file, logLines(written, due));
    written = due;
  }
  const { missing, lateS } = await waitForLines(total, since, loki);
  return { sustained: missing === 0 && lateS <= GRACE_S, lost: missing, lateS };
}

/** Waits until Loki counts all lines. @returns the duration in seconds, and the number of missing lines */
async function waitForLines(lines: number, since: number, loki: LokiClient) {
  const start = performance.now();
  for (;;) {
    const elapsed = (performance.now() - start) / 1000;
    const missing = lines - (await countLines(loki, since));
    if (missing === 0 || elapsed > DRAIN_S) return { missing, lateS: elapsed };
    await sleep(100);
  }
}

/** Counts lines of the web service after a Unix time in milliseconds. */
async function countLines(loki: LokiClient, since: number): Promise<number> {
  const now = Date.now();
  const { result } = await loki.query(`sum(count_over_time({pod="${WEBSERVICE.name}"}[${now - since}ms]))`, now / 1000);
  const [series] = result as readonly { readonly value: readonly [number, string] }[];
  return Number(series?.value[1] ?? 0);
}

/** Returns numbered lines of a web service in containerd's format. Loki drops duplicate lines. */
function logLines(from: number, to: number): string {
  const time = new Date().toISOString();
  let text = '';
  for (let line = from; line < to; line++)
    text += `${time} stdout F 127.0.0.1 - - [${time}] "GET /flood/${line} HTTP/1.1" 200 6\n`;
  return text;
}
