import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningEngine } from '../lib/engines';
import type { Figure, OnProgress, Subject } from './figure';
import { committedManifests, FLOOD_RATE, onStage } from './stage';

/** Seconds that are measured each time: twice the interval of the rules and of everything else that repeats. */
const MEASURED_S = 30;

/** Seconds before: what only happens at the start is none of the figure's business. */
const SETTLE_S = 5;

/** The unit of times in /proc, the same on every architecture that Node runs on. https://man7.org/linux/man-pages/man7/time.7.html */
const TICKS_PER_SECOND = 100;

export const idle: Subject = {
  name: 'idle',
  description: 'CPU and memory of each engine, idle and under the flood; a minute and a half',
  measure,
};

async function measure(tell: OnProgress): Promise<Figure[]> {
  return onStage(committedManifests(), tell, async (stage) => {
    const resting = await usage(stage.engines, 'idle', tell);
    stage.startFlood();
    const flooded = await usage(stage.engines, `under ${FLOOD_RATE} lines/s`, tell);
    return [...resting, ...flooded];
  });
}

async function usage(running: readonly RunningEngine[], when: string, tell: OnProgress): Promise<Figure[]> {
  tell(`${when}, ${SETTLE_S} + ${MEASURED_S} s`);
  await sleep(SETTLE_S * 1000);
  const before = running.map(reading);
  const start = performance.now();
  await sleep(MEASURED_S * 1000);
  const passed = (performance.now() - start) / 1000;
  return running.flatMap((each, index): Figure[] => {
    const [was, is] = [before[index], reading(each)];
    const { name, version } = each.engine;
    const missing = typeof is === 'string' ? is : typeof was === 'string' ? was : undefined;
    const cpu = typeof is === 'object' && typeof was === 'object' ? (is.cpuS - was.cpuS) / passed : undefined;
    return [
      { what: `${name} ${version}, CPU ${when}`, value: cpu && cpu * 100, unit: '% of a core', note: missing },
      {
        what: `${name} ${version}, memory ${when}`,
        value: typeof is === 'object' ? is.residentMib : undefined,
        unit: 'MiB',
        note: missing ?? 'resident, the program itself included',
      },
    ];
  });
}

export interface Reading {
  /** CPU time since the start, in seconds. */
  readonly cpuS: number;
  readonly residentMib: number;
}

/** What /proc says of the engine, or why it says nothing. */
export function reading({ pid, engine }: RunningEngine): Reading | string {
  if (process.platform !== 'linux') return 'there is no /proc on this system';
  if (engine.image !== undefined) return 'the engine runs in a container, of which only the client is seen';
  // The name of the program, in parentheses, may hold anything; utime and stime are the 12th and 13th field after it.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    residentMib: Number(resident) / 1024,
  };
}
