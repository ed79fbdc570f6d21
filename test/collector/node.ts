import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LogFormat } from '../../lib/demo-run/flood';
import type { Pod } from './kubernetes-api';

/** A log line that Loki must have. */
export interface Entry {
  readonly labels: Readonly<Record<string, string>>;
  /** Unix time in nanoseconds. */
  readonly time: string;
  readonly line: string;
}

export const NODE = 'node-1';

/** The log folder of a node, with the entries that Loki must have. */
export class TestNode {
  readonly dir = mkdtempSync(join(tmpdir(), 'node-'));
  readonly podLogs = join(this.dir, 'pods');
  readonly entries: Entry[] = [];
  private now: bigint;

  /** @param minutesAgo time of the first line; each later line follows after 1 ms and 1 ns */
  constructor(minutesAgo: number) {
    this.now = BigInt(Date.now() - minutesAgo * 60_000) * 1_000_000n;
    mkdirSync(this.podLogs);
  }

  /** Returns the timestamp of the next line, with various numbers of fractional digits. */
  tick(): bigint {
    this.now += 1_000_001n;
    return this.now;
  }

  /** Current time: that of the last line, RFC 3339. */
  get time(): string {
    return rfc3339(this.now);
  }

  /** Advances the time. */
  wait(minutes: number): void {
    this.now += BigInt(minutes) * 60_000_000_000n;
  }

  /** Creates a container's log. @param folder name of the pod's folder, if not the uid */
  log(pod: Pod, container: string, app: string, format: LogFormat = 'cri', folder = pod.metadata.uid): ContainerLog {
    const { namespace, name } = pod.metadata;
    const labels = { namespace, app, pod: name, container, node_name: NODE, job: `${namespace}/${app}` };
    const path = join(this.podLogs, `${namespace}_${name}_${folder}`, container);
    return new ContainerLog(this, path, labels, format);
  }

  remove(): void {
    rmSync(this.dir, { recursive: true });
  }
}

type Stream = 'stdout' | 'stderr';

/** A container's log file, in the format of its runtime. */
export class ContainerLog {
  private file: string;
  private rotations = 0;

  constructor(
    private readonly node: TestNode,
    private readonly folder: string,
    private readonly labels: Readonly<Record<string, string>>,
    private readonly format: LogFormat,
  ) {
    this.file = join(folder, '0.log');
    mkdirSync(folder, { recursive: true });
    if (format === 'docker') {
      // The kubelet's file is a symlink to Docker's.
      const target = join(node.dir, 'docker', `${labels.pod}-${labels.container}-json.log`);
      mkdirSync(dirname(target), { recursive: true });
      appendFileSync(target, '');
      symlinkSync(target, this.file);
    }
  }

  lines(...texts: readonly string[]): this {
    return this.write('stdout', texts);
  }

  errors(...texts: readonly string[]): this {
    return this.write('stderr', texts);
  }

  /** Writes a line that the runtime splits into parts. */
  parts(...texts: readonly string[]): this {
    return this.write('stdout', [texts]);
  }

  /** Rotates the file like the kubelet: renames it, and starts a new one. */
  rotate(): this {
    this.rotations++;
    renameSync(this.file, `${this.file}.20260101-00000${this.rotations}`);
    return this;
  }

  /** Restarts the container, with a new file. */
  restart(): this {
    this.file = join(this.folder, '1.log');
    return this;
  }

  private write(stream: Stream, texts: readonly (string | readonly string[])[]): this {
    let written = '';
    for (const text of texts) {
      const parts = typeof text === 'string' ? [text] : text;
      let time = 0n;
      for (const [index, part] of parts.entries()) {
        time = this.node.tick();
        const last = index === parts.length - 1;
        written += this.format === 'docker' ? dockerLine(time, stream, part, last) : criLine(time, stream, part, last);
        // Docker marks a partial line only by the missing newline; no collector joins these.
        if (this.format === 'docker' && !last) this.expect(time, stream, part);
      }
      this.expect(time, stream, this.format === 'docker' ? (parts.at(-1) ?? '') : parts.join(''));
    }
    appendFileSync(this.file, written);
    return this;
  }

  private expect(time: bigint, stream: Stream, line: string): void {
    this.node.entries.push({ labels: { ...this.labels, stream }, time: `${time}`, line });
  }
}

function criLine(time: bigint, stream: Stream, text: string, last: boolean): string {
  return `${rfc3339(time)} ${stream} ${last ? 'F' : 'P'} ${text}\n`;
}

function dockerLine(time: bigint, stream: Stream, text: string, last: boolean): string {
  return `${JSON.stringify({ log: text + (last ? '\n' : ''), stream, time: rfc3339(time) })}\n`;
}

/** Formats a time with nanoseconds like Go: without trailing zeros. */
function rfc3339(time: bigint): string {
  const seconds = new Date(Number(time / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = `${time % 1_000_000_000n}`.padStart(9, '0').replace(/0+$/, '');
  return `${seconds}${fraction && `.${fraction}`}Z`;
}
