import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { endWithProcess } from './cleanup';
import { type CommandLine, commandLine } from './command';
import type { Engine } from './engine';

/** Output and exit code of a program. */
export interface Output {
  /** Exit code; 128 + the signal's number if a signal ended it, as in a shell. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Text for standard input. @default none */
  readonly input?: string;
  /**
   * Working folder. An engine in a container sees no other folder.
   * @default the current folder
   */
  readonly cwd?: string;
}

/**
 * Runs promtool, amtool or any engine's one-shot command, such as `loki -verify-config`, to completion. An exit code
 * other than 0 is a result, not an error.
 * @throws if the program can't be started
 */
export function run(engine: Engine, args: readonly string[], options: CommandOptions = {}): Promise<Output> {
  const cwd = options.cwd ?? process.cwd();
  return runCommand(commandLine(engine, args, cwd), { ...options, cwd });
}

/** Runs any program like `run`, so that it ends with this process. */
export function runCommand(
  line: CommandLine,
  options: CommandOptions & { readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(line.command, line.args, { cwd: options.cwd, env: options.env ?? process.env, detached: true });
    endWithProcess(child, line.container);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    }
    child.once('error', (error) => reject(new Error(`can't run ${line.command}: ${error.message}`)));
    child.once('close', (code, signal) => {
      resolve({ code: code ?? 128 + constants.signals[signal ?? 'SIGKILL'], ...output });
    });
    // A program that ends without reading its input closes the pipe: its exit code matters, not EPIPE.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input);
  });
}
