import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithProcess, removeContainer, signalGroup } from './cleanup';
import type { CommandLine } from './command';

/** Characters of an engine's output to keep: enough for the cause of a failure. */
const KEPT_OUTPUT = 256 * 1024;

/** Grace period after SIGTERM in milliseconds: Loki flushes its chunks. */
const GRACE_MS = 10_000;

/** A process that ends with this one at the latest. Its output is kept. */
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
    // In its own process group: Ctrl-C in a terminal only reaches this process, which then stops the child.
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
      // `close`, not `exit`: all output has been read by then.
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

  /** Characters of output since the start, including discarded ones. */
  get written(): number {
    return this.characters;
  }

  /** Sends SIGTERM, and SIGKILL after ten seconds. May be called again. */
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
