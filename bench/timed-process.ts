import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { endWithProcess } from '../lib/engines/cleanup';

export interface TimedRun {
  /** Duration in seconds. */
  readonly seconds: number;
  /** Exit code; null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to completion. It ends with this process at the latest. */
export async function timed(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<TimedRun> {
  const { run } = await spawned(command, args, { env });
  return run;
}

/** Options of a run. */
export interface RunOptions {
  /** Working directory. @default that of this process */
  readonly cwd?: string;
  /** Environment variables, in addition to those of this process. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

/** Writes the user CPU time of a command, with that of the processes it waits for, to file descriptor 3. */
const TIME_CPU = 'TIMEFORMAT=%U; exec 4>&2; { time "$@" 2>&4 4>&-; } 2>&3';

/** Runs a program to completion. @returns also the user CPU time in seconds, with that of its child processes */
export async function timedCpu(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<TimedRun & { readonly userSeconds: number }> {
  const { run, reported } = await spawned('bash', ['-c', TIME_CPU, 'bash', command, ...args], options);
  return { ...run, userSeconds: Number(reported) };
}

/** Runs Node to completion. @returns also its peak memory in MiB */
export async function timedNode(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<TimedRun & { readonly peakMib: number }> {
  const preload = ['--require', join(__dirname, 'report-peak-memory.js')];
  const { run, reported } = await spawned(process.execPath, [...preload, ...args], { env });
  return { ...run, peakMib: Number(reported) / 1024 };
}

/** @throws if the process fails, with its output */
export async function succeeded<T extends TimedRun>(running: Promise<T>): Promise<T> {
  const run = await running;
  if (run.code !== 0) throw new Error(`exit code ${run.code}: ${run.stderr}`);
  return run;
}

async function spawned(command: string, args: readonly string[], { cwd, env }: RunOptions) {
  const start = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  endWithProcess(child);
  const ended = new Promise<Pick<TimedRun, 'seconds' | 'code'>>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve({ seconds: (performance.now() - start) / 1000, code }));
  });
  const read = [1, 2, 3].map((fd) => text(child.stdio[fd] as NodeJS.ReadableStream));
  const [{ seconds, code }, stdout = '', stderr = '', reported = ''] = await Promise.all([ended, ...read]);
  return { run: { seconds, code, stdout, stderr }, reported };
}
