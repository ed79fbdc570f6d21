import { join } from 'node:path';
import type { InputStream } from './format';
import { isStreamLabel, type Labels, toLabels } from './labels';
import { expandStream, fileLines, spacing, type TestLine, toNs } from './lines';
import type { Path } from './read';

/** What is wrong with a part of a test. */
export interface Problem {
  readonly path: Path;
  readonly message: string;
}

/** Lines that one entry may stand for: more would fill the memory, here and in Loki. */
const MAX_LINES = 5_000_000;

/**
 * What is wrong with a stream; nothing, if Loki takes it whole.
 * @param intervalMs time between plain lines
 * @param dir folder that `file` is relative to
 */
export function checkStream(stream: InputStream, intervalMs: number, dir: string): Problem[] {
  const problems = [...labelProblems(toLabels(stream.labels)), ...sourceProblems(stream, intervalMs, dir)];
  let lastNs = Number.NEGATIVE_INFINITY;
  for (const [i, input] of (stream.lines ?? []).entries()) {
    if (typeof input === 'string') continue;
    const complain = (message: string) => problems.push({ path: ['lines', i], message });
    if ('at' in input) {
      const ns = toNs(input.at);
      if (ns < lastNs) complain(`is out of order: ${input.at} comes after a later line. Sort the lines by 'at'`);
      lastNs = ns;
      continue;
    }
    const { count } = spacing(input);
    if (count > MAX_LINES) {
      complain(
        `would be ${count} lines; ${MAX_LINES} are the most that one test is given. Lower the rate or shorten the time`,
      );
    } else if (toNs(input.to) <= toNs(input.from ?? '0s')) {
      complain(`ends at ${input.to}, not after its start: 'to' must be later than 'from'`);
    } else if (count === 0) {
      complain(`gives no line: at ${input.rate} the first would come after ${input.to}`);
    }
  }
  return problems.length > 0 ? problems : twins(stream, intervalMs, dir);
}

/** Lines come from the test or from a file. */
function sourceProblems({ lines, file, timestamps }: InputStream, intervalMs: number, dir: string): Problem[] {
  if (file === undefined) {
    if (timestamps)
      return [{ path: ['timestamps'], message: "is for 'file'; write { at: 90s, line: … } for lines with a time" }];
    return lines ? [] : [{ path: [], message: "has neither 'lines' nor 'file': give it log lines, or remove it" }];
  }
  if (lines) return [{ path: ['file'], message: "stands beside 'lines': a stream has one or the other" }];
  try {
    fileLines(join(dir, file), intervalMs, timestamps ?? false, undefined);
    return [];
  } catch (error) {
    return [{ path: ['file'], message: (error as Error).message }];
  }
}

/** Loki silently keeps one of two equal lines with equal times. */
function twins(stream: InputStream, intervalMs: number, dir: string): Problem[] {
  // The lines of one entry never share a time; neither do plain lines.
  const timed = (stream.lines ?? []).filter((line) => typeof line !== 'string');
  const sources = timed.length + (timed.length < (stream.lines?.length ?? 0) ? 1 : 0);
  if (sources < 2 && !stream.timestamps) return [];
  const { lines } = expandStream(stream, intervalMs, dir);
  const twin = lines.find((line, i) => i > 0 && sameLine(line, lines[i - 1]));
  if (!twin) return [];
  const message = `has the line ${JSON.stringify(twin.line)} twice at ${twin.ns / 1e6}ms: Loki keeps one. Vary the lines, for instance with {{n}}, or their times`;
  return [{ path: ['lines'], message }];
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

function sameLine(a: TestLine, b: TestLine | undefined): boolean {
  return (
    b !== undefined && a.ns === b.ns && a.line === b.line && JSON.stringify(a.metadata) === JSON.stringify(b.metadata)
  );
}
