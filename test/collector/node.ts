import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LogFormat } from '../../lib/demo-run/flood';
import type { Pod } from './kubernetes-api';

/** A log line as Loki must have it. */
export interface Entry {
  readonly labels: Readonly<Record<string, string>>;
  /** Nanoseconds since 1970. */
  readonly time: string;
  readonly line: string;
}

export const NODE = 'node-1';

/** The log folder of a node, and what must be in Loki of it. */
export class TestNode {
  readonly dir = mkdtempSync(join(tmpdir(), 'node-'));
  readonly podLogs = join(this.dir, 'pods');
  readonly entries: Entry[] = [];
  private now: bigint;

  /** @param minutesAgo when the first line is written; each later one a millisecond and some nanoseconds after it */
  constructor(minutesAgo: number) {
    this.now = BigInt(Date.now() - minutesAgo * 60_000) * 1_000_000n;
    mkdirSync(this.podLogs);
  }

  /** The next time; whole seconds, tenths and nanoseconds all occur. */
  tick(): bigint {
    this.now += 1_000_001n;
    return this.now;
  }

  /** The time of the next line, or a moment before. */
  get time(): string {
    return rfc3339(this.now);
  }

  /** Lets time pass. */
  wait(minutes: number): void {
    this.now += BigInt(minutes) * 60_000_000_000n;
  }

  /** @param folder name that the kubelet gives the pod's folder in place of the uid */
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

/** A container's log file, written as its runtime does. */
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
      // The kubelet's file is a link to Docker's.
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

  /** One line that is too long for the runtime, in the parts that it makes of it. */
  parts(...texts: readonly string[]): this {
    return this.write('stdout', [texts]);
  }

  /** As the kubelet rotates: the file gets another name, and a new one takes its place. */
  rotate(): this {
    this.rotations++;
    renameSync(this.file, `${this.file}.20260101-00000${this.rotations}`);
    return this;
  }

  /** The container starts anew. */
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
        // Docker does not say that a line goes on, but for the missing end; no collector joins these.
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

/** With nanoseconds, and as Go writes them: without zeros at the end. */
function rfc3339(time: bigint): string {
  const seconds = new Date(Number(time / 1_000_000n)).toISOString().slice(0, 19);
  const fraction = `${time % 1_000_000_000n}`.padStart(9, '0').replace(/0+$/, '');
  return `${seconds}${fraction && `.${fraction}`}Z`;
}
