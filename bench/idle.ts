import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OnProgress, RunningEngine } from '../lib/engines';
import type { Figure, Subject } from './figure';
import { committedManifests, FLOOD_RATE, onStage } from './stage';

/** Duration of a measurement in seconds: at least twice the interval of rules and other periodic work. */
const MEASURED_S = 30;

/** Seconds to wait before a measurement, to exclude work at the start. */
const SETTLE_S = 5;

/**
 * Unit of times in /proc, the same on every architecture that Node supports.
 * @see https://man7.org/linux/man-pages/man7/time.7.html
 */
const TICKS_PER_SECOND = 100;

export const idle: Subject = {
  name: 'idle',
  description: 'CPU and memory of each engine, idle and during the flood; 90 s',
  measure,
};

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  return onStage(committedManifests(), onProgress, async (stage) => {
    const resting = await usage(stage.engines, 'idle', onProgress);
    stage.startFlood();
    const flooded = await usage(stage.engines, `under ${FLOOD_RATE} lines/s`, onProgress);
    return [...resting, ...flooded];
  });
}

async function usage(running: readonly RunningEngine[], when: string, onProgress: OnProgress): Promise<Figure[]> {
  onProgress(`${when}, ${SETTLE_S} + ${MEASURED_S} s`);
  await sleep(SETTLE_S * 1000);
  const before = running.map(reading);
  const start = performance.now();
  await sleep(MEASURED_S * 1000);
  const elapsed = (performance.now() - start) / 1000;
  return running.flatMap((each, index): Figure[] => {
    const [was, is] = [before[index], reading(each)];
    const { name, version } = each.engine;
    const missing = typeof is === 'string' ? is : typeof was === 'string' ? was : undefined;
    const cpu = typeof is === 'object' && typeof was === 'object' ? (is.cpuS - was.cpuS) / elapsed : undefined;
    return [
      { what: `${name} ${version}, CPU ${when}`, value: cpu && cpu * 100, unit: '% of a core', note: missing },
      {
        what: `${name} ${version}, memory ${when}`,
        value: typeof is === 'object' ? is.residentMib : undefined,
        unit: 'MiB',
        note: missing ?? 'resident, including the program',
      },
    ];
  });
}

export interface Reading {
  /** CPU time since the start, in seconds. */
  readonly cpuS: number;
  readonly residentMib: number;
}

/** Reads the usage of a process from /proc. @returns the reason if that is not possible */
export function reading({ pid, engine }: Pick<RunningEngine, 'pid'> & Partial<RunningEngine>): Reading | string {
  if (process.platform !== 'linux') return 'this system has no /proc';
  if (engine?.image !== undefined) return 'the engine runs in a container, and only its client is visible';
  // The program's name, in parentheses, may contain any character; utime and stime are the 12th and 13th field after
  // it.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    residentMib: Number(resident) / 1024,
  };
}
