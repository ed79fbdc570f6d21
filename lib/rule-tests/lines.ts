import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { durationMs } from '../text/duration';
import { type GivenLabels, type Labels, toLabels } from './labels';
import { parseRate } from './rate';
import type { InputLine, InputStream } from './test-file';

/** A log line with its test time. */
export interface TestLine {
  /** Nanoseconds from the start of the test. */
  readonly ns: number;
  readonly line: string;
  readonly metadata?: Labels;
}

/** A stream with all its lines, the oldest first. */
export interface TestStream {
  readonly labels: Labels;
  readonly lines: readonly TestLine[];
}

const NS_PER_MS = 1e6;

/** Placeholder for the number of a generated line, from 1. */
const NUMBER = /\{\{n\}\}/g;

/**
 * Returns all lines of a checked stream.
 * @param intervalMs time between plain lines
 * @param dir directory that `file` is relative to
 * @throws if `file` cannot be read
 */
export function expandStream(stream: InputStream, intervalMs: number, dir: string): TestStream {
  const shared = merged(undefined, stream.structured_metadata);
  const lines =
    stream.file === undefined ? [] : fileLines(join(dir, stream.file), intervalMs, stream.timestamps ?? false, shared);
  let plain = 0;
  for (const input of stream.lines ?? []) {
    if (typeof input === 'string') {
      lines.push({ ns: plain++ * intervalMs * NS_PER_MS, line: input, metadata: shared });
    } else if ('at' in input) {
      lines.push({ ns: toNs(input.at), line: input.line, metadata: merged(shared, input.structured_metadata) });
    } else {
      generate(input, shared, lines);
    }
  }
  return { labels: toLabels(stream.labels), lines: lines.sort((a, b) => a.ns - b.ns) };
}

export type GeneratedLines = Exclude<InputLine, string | { at: string }>;

/** Returns the start of generated lines and the time between them, both in nanoseconds, and their number. */
export function spacing({ from, to, rate }: GeneratedLines): {
  readonly fromNs: number;
  readonly everyNs: number;
  readonly count: number;
} {
  const fromNs = toNs(from ?? '0s');
  const everyNs = parseRate(rate) ?? Number.NaN;
  // 1e-9: the last line is at `to`, despite rounding errors of the division.
  return { fromNs, everyNs, count: Math.floor((toNs(to) - fromNs) / everyNs + 1e-9) };
}

/** Adds lines at a constant rate, in (from, to], as a LogQL range does. */
function generate(input: GeneratedLines, shared: Labels | undefined, lines: TestLine[]): void {
  const { fromNs, everyNs, count } = spacing(input);
  const metadata = merged(shared, input.structured_metadata);
  const numbered = metadata !== undefined && Object.values(metadata).some((value) => value.includes('{{n}}'));
  const parts = input.line.split(NUMBER);
  for (let n = 1; n <= count; n++) {
    const own = numbered
      ? Object.fromEntries(Object.entries(metadata).map(([k, value]) => [k, value.replace(NUMBER, String(n))]))
      : metadata;
    lines.push({ ns: fromNs + Math.round(n * everyNs), line: parts.join(String(n)), metadata: own });
  }
}

/** RFC 3339 at the start of a line, as `kubectl logs --timestamps` and container runtimes write it. */
const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ?(.*)$/s;

/** Returns the lines of a file. @throws with the problem of the file */
export function fileLines(
  path: string,
  intervalMs: number,
  stamped: boolean,
  metadata: Labels | undefined,
): TestLine[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`cannot be read (${(error as NodeJS.ErrnoException).code}): ${path}`);
  }
  const texts = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (text === '') throw new Error(`is empty: ${path}`);
  if (!stamped) return texts.map((line, i) => ({ ns: i * intervalMs * NS_PER_MS, line, metadata }));
  let start: bigint | undefined;
  return texts.map((line, i) => {
    const [, second, fraction = '', zone, rest = ''] = STAMPED.exec(line) ?? [];
    if (!second)
      throw new Error(
        `has no RFC 3339 timestamp in line ${i + 1}: use the output of \`kubectl logs --timestamps\`, or remove 'timestamps'`,
      );
    const time = BigInt(Date.parse(second + zone)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
    start ??= time;
    if (time < start) throw new Error(`is out of order: line ${i + 1} is older than the first line`);
    return { ns: Number(time - start), line: rest, metadata };
  });
}

/** Merges the metadata of the stream and of the line; undefined if there is none. */
function merged(shared: Labels | undefined, own: GivenLabels | undefined): Labels | undefined {
  const metadata = { ...shared, ...toLabels(own) };
  return Object.keys(metadata).length > 0 ? metadata : undefined;
}

/** Returns the nanoseconds of a checked duration. */
export function toNs(duration: string): number {
  return (durationMs(duration) ?? 0) * NS_PER_MS;
}
