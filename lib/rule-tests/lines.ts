import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDuration } from '../rules/duration';
import type { InputLine, InputStream } from './format';
import { type GivenLabels, isStreamLabel, type Labels, toLabels } from './labels';
import { parseRate } from './rate';
import type { Path } from './read';

/** A log line at a time of the test. */
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

/** What is wrong with a part of a test. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** Lines that one stream may have: about ten minutes of one very busy process, 1 GiB here and in Loki. */
const MAX_LINES = 5_000_000;

const NS_PER_MS = 1e6;

/** Where generated lines carry their number, from 1. */
const NUMBER = /\{\{n\}\}/g;

/**
 * All lines of a stream.
 * @param intervalMs time between plain lines
 * @param dir folder that `file` is relative to
 */
export function expandStream(
  stream: InputStream,
  intervalMs: number,
  dir: string,
): { stream: TestStream; problems: Problem[] } {
  const labels = toLabels(stream.labels);
  const problems = labelProblems(labels);
  const complain = (path: Path, message: string) => problems.push({ path, message });
  const lines: TestLine[] = [];
  const shared = merged(undefined, stream.structured_metadata);

  if (stream.file !== undefined && stream.lines !== undefined)
    complain(['file'], "stands beside 'lines': a stream has one or the other");
  if (stream.file === undefined && stream.lines === undefined)
    complain([], "has neither 'lines' nor 'file': give it log lines, or remove it");
  if (stream.timestamps && stream.file === undefined)
    complain(['timestamps'], "is for 'file'; write { at: 90s, line: … } for lines with a time");

  if (stream.file !== undefined) {
    try {
      for (const line of fileLines(join(dir, stream.file), intervalMs, stream.timestamps ?? false, shared))
        lines.push(line);
    } catch (error) {
      complain(['file'], (error as Error).message);
    }
  }
  let plain = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  for (const [i, input] of (stream.lines ?? []).entries()) {
    const path = ['lines', i];
    if (typeof input === 'string') {
      lines.push({ ns: plain++ * intervalMs * NS_PER_MS, line: input, metadata: shared });
    } else if ('at' in input) {
      const ns = toNs(input.at);
      if (ns < lastAt) complain(path, `is out of order: ${input.at} comes after a later line. Sort the lines by 'at'`);
      lastAt = ns;
      lines.push({ ns, line: input.line, metadata: merged(shared, input.structured_metadata) });
    } else {
      const problem = generate(input, shared, lines);
      if (problem) complain(path, problem);
    }
  }

  lines.sort((a, b) => a.ns - b.ns);
  const twin = lines.find((line, i) => i > 0 && sameLine(line, lines[i - 1]));
  if (twin) {
    complain(
      ['lines'],
      `has the line ${JSON.stringify(twin.line)} twice at ${twin.ns / NS_PER_MS}ms: Loki keeps one. Vary the lines, for instance with {{n}}, or their times`,
    );
  }
  return { stream: { labels, lines }, problems };
}

type Generated = Exclude<InputLine, string | { at: string }>;

/** Adds lines at a steady rate, in (from, to] as LogQL counts; returns what is wrong, if anything. */
function generate(input: Generated, shared: Labels | undefined, lines: TestLine[]): string | undefined {
  const from = toNs(input.from ?? '0s');
  const to = toNs(input.to);
  const every = parseRate(input.rate) ?? Number.NaN;
  if (to <= from) return `ends at ${input.to}, not after its start: 'to' must be later than 'from'`;
  const count = Math.floor((to - from) / every + 1e-9);
  if (count > MAX_LINES)
    return `would be ${count} lines; ${MAX_LINES} are the most that one test is given. Lower the rate or shorten the time`;
  if (count === 0) return `gives no line: at ${input.rate} the first would come after ${input.to}`;
  const metadata = merged(shared, input.structured_metadata);
  const numbered = metadata !== undefined && Object.values(metadata).some((value) => value.includes('{{n}}'));
  const parts = input.line.split(NUMBER);
  for (let n = 1; n <= count; n++) {
    const own = numbered
      ? Object.fromEntries(Object.entries(metadata).map(([k, value]) => [k, value.replace(NUMBER, String(n))]))
      : metadata;
    lines.push({ ns: from + Math.round(n * every), line: parts.join(String(n)), metadata: own });
  }
  return undefined;
}

/** RFC 3339 at the start of a line, as `kubectl logs --timestamps` and container runtimes write it. */
const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ?(.*)$/s;

function fileLines(path: string, intervalMs: number, stamped: boolean, metadata: Labels | undefined): TestLine[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`can't be read (${(error as NodeJS.ErrnoException).code}): ${path}`);
  }
  const texts = text.replace(/\r?\n$/, '').split(/\r?\n/);
  if (text === '') throw new Error(`is empty: ${path}`);
  if (!stamped) return texts.map((line, i) => ({ ns: i * intervalMs * NS_PER_MS, line, metadata }));
  let start: bigint | undefined;
  return texts.map((line, i) => {
    const [, second, fraction = '', zone, rest = ''] = STAMPED.exec(line) ?? [];
    if (!second)
      throw new Error(
        `has no RFC 3339 timestamp in line ${i + 1}: write them with \`kubectl logs --timestamps\`, or leave out 'timestamps'`,
      );
    const time = BigInt(Date.parse(second + zone)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
    start ??= time;
    if (time < start) throw new Error(`is out of order in line ${i + 1}: it is older than the first line`);
    return { ns: Number(time - start), line: rest, metadata };
  });
}

/** Loki's limit `max_label_names_per_series`. */
const MAX_LABELS = 15;

function labelProblems(labels: Labels): Problem[] {
  const names = Object.keys(labels);
  const problems = names
    .filter((name) => !isStreamLabel(name))
    .map((name) => ({
      path: ['labels'],
      message: `has the label name '${name}', which Loki refuses: letters, digits and _, no digit first`,
    }));
  if (names.length === 0)
    problems.push({ path: ['labels'], message: 'is empty: Loki refuses a stream without labels' });
  if (names.length > MAX_LABELS) {
    problems.push({
      path: ['labels'],
      message: `has ${names.length} labels, Loki takes ${MAX_LABELS} (max_label_names_per_series): put the rest into structured_metadata`,
    });
  }
  return problems;
}

/** The stream's metadata and the line's own; undefined if there is none. */
function merged(shared: Labels | undefined, own: GivenLabels | undefined): Labels | undefined {
  const metadata = { ...shared, ...toLabels(own) };
  return Object.keys(metadata).length > 0 ? metadata : undefined;
}

function toNs(duration: string): number {
  return (parseDuration(duration) ?? 0) * NS_PER_MS;
}

function sameLine(a: TestLine, b: TestLine | undefined): boolean {
  return (
    b !== undefined && a.ns === b.ns && a.line === b.line && JSON.stringify(a.metadata) === JSON.stringify(b.metadata)
  );
}
