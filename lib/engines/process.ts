import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithProcess, removeContainer, signalGroup } from './cleanup';
import type { CommandLine } from './command';

/** Characters of an engine's output that are kept: enough for the reason of a failure, whatever came before. */
const KEPT_OUTPUT = 256 * 1024;

/** How long a process may take to end by itself, in milliseconds: Loki flushes what it holds. */
const GRACE_MS = 10_000;

/** A process that ends with this one at the latest. */
export class EngineProcess {
  /** Resolves when the process is gone, to how it ended: `exit code 1`, `signal SIGKILL`. */
  readonly exited: Promise<string>;
  private readonly child: ChildProcess;
  private output = '';
  private characters = 0;
  private ended = false;
  private stopping?: Promise<void>;

  constructor(
    private readonly line: CommandLine,
    cwd: string,
    env: Readonly<Record<string, string>> = {},
  ) {
    // A group of its own: Ctrl-C in a terminal reaches this process alone, which then decides.
    this.child = spawn(line.command, line.args, {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    endWithProcess(this.child, line.container);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-KEPT_OUTPUT);
        this.characters += text.length;
      });
    }
    this.exited = new Promise((resolve) => {
      const end = (how: string) => {
        this.ended = true;
        resolve(how);
      };
      this.child.once('error', (error) => end(error.message));
      // `close` and not `exit`: all output has been read by then.
      this.child.once('close', (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`));
    });
  }

  /** Process id; of the Docker client, if the engine runs in a container. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  get running(): boolean {
    return !this.ended;
  }

  /** The last 256 Ki characters of standard output and error. */
  logs(): string {
    return this.output;
  }

  /** Characters of output since the start, those that are not kept included. */
  get written(): number {
    return this.characters;
  }

  /** Asks the process to end and makes it end after ten seconds. May be called again. */
  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    if (!this.running) return;
    signalGroup(this.child, 'SIGTERM');
    const timer = new AbortController();
    const late = sleep(GRACE_MS, 'late', { signal: timer.signal }).catch(() => 'aborted');
    if ((await Promise.race([this.exited, late])) === 'late') {
      signalGroup(this.child, 'SIGKILL');
      if (this.line.container) removeContainer(this.line.container);
      await this.exited;
    }
    timer.abort();
  }
}
