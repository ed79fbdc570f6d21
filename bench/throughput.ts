import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logFile } from '../lib/demo-run/local-configs';
import { type LocalStage, WEBSERVICE } from '../lib/demo-run/local-stage';
import { LokiClient } from '../lib/engines';
import type { Figure, OnProgress, Subject } from './figure';
import { pushLines } from './push-lines';
import { committedManifests, onStage } from './stage';

/** Lines per second that are tried first; then twice that, and so on. */
const FIRST_RATE = 10_000;

/** Lines per second that are tried at most: in all about 2 million lines or 250 MB. */
const LAST_RATE = 160_000;

/** Halvings of the distance between the last rate that was carried and the first one that was not. */
const BISECTIONS = 3;

/** How long a rate is held, in seconds. */
const HELD_S = 5;

/**
 * A rate is carried if Loki counts every line so many seconds after the last one was written. Promtail alone takes up
 * to 1.3 of them: it looks for lines every 250 ms, and sends what it has every second.
 */
const GRACE_S = 2;

/** Until what came too fast has arrived after all, in seconds. */
const DRAIN_S = 30;

/** Seconds after which no new rate is tried, so that all is done within 90. */
const BUDGET_S = 65;

/** Milliseconds between two writes. */
const TICK_MS = 50;

export const throughput: Subject = {
  name: 'throughput',
  description: 'most lines per second from a file through Promtail to Loki, and by pushing; a minute and a half',
  measure,
};

async function measure(tell: OnProgress): Promise<Figure[]> {
  return onStage(committedManifests(), tell, async (stage) => {
    const pushed = await pushLines(new LokiClient(stage.lokiUrl));
    tell(`pushed ${pushed.lines} lines in ${pushed.seconds.toFixed(1)} s, Loki counts ${pushed.counted}`);
    const { carried, refused, lost } = await ramp(stage, tell);
    const bare = pushed.lines / pushed.seconds;
    return [
      {
        what: 'file to Promtail to Loki',
        value: carried,
        unit: 'lines/s',
        note: `held for ${HELD_S} s, all counted ${GRACE_S} s later; ${refused ? `not at ${refused}` : 'no higher rate tried'}; lost: ${lost}`,
      },
      {
        what: 'bare push to Loki',
        value: bare,
        unit: 'lines/s',
        note: `${pushed.note}; lost: ${pushed.lines - pushed.counted}`,
      },
      { what: 'Promtail to bare push', value: carried / bare, unit: 'x' },
    ];
  });
}

interface Ramp {
  /** Highest rate that was carried, in lines per second. */
  readonly carried: number;
  /** Lowest rate that was not. */
  readonly refused?: number;
  /** Lines that never arrived, however late, of all rates. */
  readonly lost: number;
}

async function ramp(stage: LocalStage, tell: OnProgress): Promise<Ramp> {
  const started = performance.now();
  const inTime = () => performance.now() - started < BUDGET_S * 1000;
  const file = join(
    stage.engines.find(({ engine }) => engine.name === 'promtail')?.dir ?? '',
    'pods',
    logFile(WEBSERVICE),
  );
  const loki = new LokiClient(stage.lokiUrl);
  await beginFile(file, loki);
  let [carried, lost] = [0, 0];
  let refused: number | undefined;
  const attempt = async (rate: number) => {
    const result = await hold(rate, file, loki);
    lost += result.lost;
    tell(`${rate} lines/s: ${result.carried ? 'carried' : 'too fast'}, all there ${result.lateS.toFixed(1)} s later`);
    if (result.carried) carried = rate;
    else refused = rate;
  };
  for (let rate = FIRST_RATE; rate <= LAST_RATE && refused === undefined && inTime(); rate *= 2) await attempt(rate);
  for (let left = BISECTIONS; left > 0 && refused !== undefined && inTime(); left--)
    await attempt((carried + refused) / 2);
  return { carried, refused, lost };
}

/** Writes the first line, and waits until Promtail has found the file. */
async function beginFile(file: string, loki: LokiClient): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  // A range of Loki holds its end, not its beginning.
  const since = Date.now() - 1;
  appendFileSync(file, logLines(0, 1));
  const { missing } = await arrival(1, since, loki);
  if (missing > 0) throw new Error(`Promtail did not find ${file} within ${DRAIN_S} s`);
}

async function hold(rate: number, file: string, loki: LokiClient) {
  const since = Date.now();
  const total = Math.round(rate * HELD_S);
  for (let written = 0; written < total; ) {
    await sleep(TICK_MS);
    const due = Math.min(total, Math.floor(((Date.now() - since) / 1000) * rate));
    appendFileSync(file, logLines(written, due));
    written = due;
  }
  const { missing, lateS } = await arrival(total, since, loki);
  return { carried: missing === 0 && lateS <= GRACE_S, lost: missing, lateS };
}

/** Waits until Loki counts so many lines, and says how long that took, in seconds, and how many are missing still. */
async function arrival(lines: number, since: number, loki: LokiClient) {
  const start = performance.now();
  for (;;) {
    const asked = (performance.now() - start) / 1000;
    const missing = lines - (await countLines(loki, since));
    if (missing === 0 || asked > DRAIN_S) return { missing, lateS: asked };
    await sleep(100);
  }
}

/** Lines of the web service after a time, Unix milliseconds. */
async function countLines(loki: LokiClient, since: number): Promise<number> {
  const now = Date.now();
  const { result } = await loki.query(`sum(count_over_time({pod="${WEBSERVICE.name}"}[${now - since}ms]))`, now / 1000);
  const [series] = result as readonly { readonly value: readonly [number, string] }[];
  return Number(series?.value[1] ?? 0);
}

/** Lines of a web service as containerd writes them, numbered, so that no two are equal: Loki would keep one of them. */
function logLines(from: number, to: number): string {
  const time = new Date().toISOString();
  let text = '';
  for (let line = from; line < to; line++)
    text += `${time} stdout F 127.0.0.1 - - [${time}] "GET /flood/${line} HTTP/1.1" 200 6\n`;
  return text;
}
