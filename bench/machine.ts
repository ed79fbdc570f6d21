import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** Machine and time of a measurement. */
export interface MachineInfo {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly os: string;
  readonly node: string;
  /** UTC, ISO 8601. */
  readonly date: string;
  /**
   * Load average of the last minute. A value above a fraction of the cores means that other processes disturb the
   * figures.
   */
  readonly load: number;
}

export function thisMachine(): MachineInfo {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGib: round(totalmem() / 2 ** 30),
    os: `${distribution()}${type()} ${release()} ${arch()}`,
    node: process.version,
    date: new Date().toISOString(),
    load: round(loadavg()[0] ?? 0),
  };
}

export function renderMachine({ cpu, cores, memoryGib, os, node, date, load }: MachineInfo): string {
  return `${cpu}, ${cores} cores, ${memoryGib} GiB; ${os}; Node ${node}; ${date}; load before: ${load}`;
}

/** Returns name and version of the Linux distribution, with a comma; '' on other systems. */
function distribution(): string {
  try {
    const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    return name ? `${name}, ` : '';
  } catch {
    return '';
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
