import { join } from 'node:path';
import type { Diagnosis, Path } from '../checks/findings';
import { isStreamLabel, type Labels, toLabels } from './labels';
import { expandStream, fileLines, spacing, type TestLine, toNs } from './lines';
import type { InputStream } from './test-file';

/** A problem in a part of a test. */
export interface TestProblem extends Diagnosis {
  readonly path: Path;
}

/** Maximum number of lines that one entry may generate: more would exhaust the memory, here and in Loki. */
const MAX_LINES = 5_000_000;

/**
 * Returns the problems of a stream; none if Loki accepts all of its lines.
 * @param intervalMs time between plain lines
 * @param dir directory that `file` is relative to
 */
export function checkStream(stream: InputStream, intervalMs: number, dir: string): TestProblem[] {
  const problems = [...labelProblems(toLabels(stream.labels)), ...sourceProblems(stream, intervalMs, dir)];
  let lastNs = Number.NEGATIVE_INFINITY;
  for (const [i, input] of (stream.lines ?? []).entries()) {
    if (typeof input === 'string') continue;
    const complain = (problem: string, fix: string) => problems.push({ path: ['lines', i], problem, fix });
    if ('at' in input) {
      const ns = toNs(input.at);
      if (ns < lastNs) complain(`out of order: ${input.at} follows a later line`, 'sort the lines by "at"');
      lastNs = ns;
      continue;
    }
    const { count } = spacing(input);
    if (count > MAX_LINES) {
      complain(`${count} lines, more than the limit of ${MAX_LINES}`, 'lower the rate, or use an earlier "to"');
    } else if (toNs(input.to) <= toNs(input.from ?? '0s')) {
      complain(`"to" (${input.to}) is not later than "from"`, 'use a later "to"');
    } else if (count === 0) {
      complain(
        `no lines: at ${input.rate}, the first would be later than ${input.to}`,
        'raise the rate, or use a later "to"',
      );
    }
  }
  return problems.length > 0 ? problems : duplicates(stream, intervalMs, dir);
}

/** Returns the problems of `lines`, `file` and `timestamps`. */
function sourceProblems({ lines, file, timestamps }: InputStream, intervalMs: number, dir: string): TestProblem[] {
  if (file === undefined) {
    if (timestamps)
      return [
        {
          path: ['timestamps'],
          problem: 'has no effect without "file"',
          fix: 'remove it, and use { at: 90s, line: … } for lines with a time',
        },
      ];
    return lines
      ? []
      : [{ path: [], problem: 'neither "lines" nor "file" is set', fix: 'add log lines, or remove the stream' }];
  }
  if (lines) return [{ path: ['file'], problem: 'conflicts with "lines"', fix: 'remove one of the two' }];
  try {
    fileLines(join(dir, file), intervalMs, timestamps ?? false, undefined);
    return [];
  } catch (error) {
    return [{ path: ['file'], problem: (error as Error).message }];
  }
}

/** Finds equal lines with equal times, of which Loki silently drops all but one. */
function duplicates(stream: InputStream, intervalMs: number, dir: string): TestProblem[] {
  // Neither the lines of one entry nor plain lines share a time.
  const timed = (stream.lines ?? []).filter((line) => typeof line !== 'string');
  const sources = timed.length + (timed.length < (stream.lines?.length ?? 0) ? 1 : 0);
  if (sources < 2 && !stream.timestamps) return [];
  const { lines } = expandStream(stream, intervalMs, dir);
  const duplicate = lines.find((line, i) => i > 0 && sameLine(line, lines[i - 1]));
  if (!duplicate) return [];
  const problem = `duplicate line ${JSON.stringify(duplicate.line)} at ${duplicate.ns / 1e6}ms, which Loki drops`;
  return [{ path: ['lines'], problem, fix: 'make the lines differ, e.g. with {{n}}, or change their times' }];
}

/** Loki's limit `max_label_names_per_series`. */
const MAX_LABELS = 15;

function labelProblems(labels: Labels): TestProblem[] {
  const names = Object.keys(labels);
  const problems = names
    .filter((name) => !isStreamLabel(name))
    .map((name) => ({
      path: ['labels'],
      problem: `invalid label name "${name}"`,
      fix: 'use letters, digits and "_", and no digit first',
    }));
  if (names.length === 0) problems.push({ path: ['labels'], problem: 'no labels', fix: 'add at least one' });
  if (names.length > MAX_LABELS) {
    problems.push({
      path: ['labels'],
      problem: `${names.length} labels, more than the limit of ${MAX_LABELS} (max_label_names_per_series)`,
      fix: 'move some of them to "structured_metadata"',
    });
  }
  return problems;
}

function sameLine(a: TestLine, b: TestLine | undefined): boolean {
  return (
    b !== undefined && a.ns === b.ns && a.line === b.line && JSON.stringify(a.metadata) === JSON.stringify(b.metadata)
  );
}
