import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { onExit } from 'signal-exit';

/** Format of log files: `cri` for containerd and CRI-O, `docker` for Docker's JSON. */
export type LogFormat = 'cri' | 'docker';

export interface Flood {
  /** Lines written so far. */
  readonly lines: number;
  /** Unix time of the first line in milliseconds. */
  readonly started: number;
  stop(): void;
}

/** Milliseconds between writes: short enough for an even rate within each second. */
const TICK_MS = 50;

/**
 * Writes the access log of a flooded web service to a file like a container runtime: numbered lines, at `rate` lines
 * per second.
 */
export function startFlood(file: string, rate: number, format: LogFormat = 'cri'): Flood {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  const started = Date.now();
  let lines = 0;
  // Derived from the elapsed time, so that a late timer does not lower the rate.
  const write = () => {
    const due = Math.floor(((Date.now() - started) / 1000) * rate);
    let text = '';
    for (; lines < due; lines++) text += logLine(`GET /flood/${lines + 1} HTTP/1.1`, format);
    appendFileSync(file, text);
  };
  const timer = setInterval(write, TICK_MS);
  // On Ctrl-C, the folder is removed before the signal ends this process.
  const forget = onExit(() => clearInterval(timer));
  return {
    get lines() {
      return lines;
    },
    started,
    stop: () => {
      clearInterval(timer);
      forget();
    },
  };
}

function logLine(request: string, format: LogFormat): string {
  const time = new Date().toISOString();
  const line = `127.0.0.1 - - [${time}] "${request}" 200 6`;
  if (format === 'docker') return `${JSON.stringify({ log: `${line}\n`, stream: 'stdout', time })}\n`;
  return `${time} stdout F ${line}\n`;
}
