import type { Expr, LogRange } from '../../logql/syntax';
import { walk } from '../../logql/walk';
import type { TestStream } from '../lines';
import type { TestLoki } from '../loki';
import { type Candidate, candidatesFor, type Grouping, otherLine, pipelineText, rangesOf } from './candidates';
import type { LineKind } from './predict';
import { thresholdsOf } from './scenarios';

/** A kind of lines, with one that can be written into a test. */
export interface FoundKind extends LineKind {
  readonly candidate: Candidate;
}

/** Maximum number of kinds of lines that are combined. */
const MAX_KINDS = 4;

/** Values that `unwrap` reads: above and below the thresholds, or far from each other if their deviation counts. */
function unwrappedValues(expr: Expr): number[] {
  const thresholds = thresholdsOf(expr);
  const deviates = [...walk(expr)].some((at) => at.kind === 'range' && /^std(dev|var)_/.test(at.operation));
  if (deviates) return [10 * Math.max(1, thresholds.at(-1) ?? 1), 0];
  return [...new Set([2 * (thresholds.at(-1) ?? 1), (thresholds[0] ?? 2) / 2, 2 * (thresholds[0] ?? 1), 1, 0])];
}

function groupingOf(expr: Expr, ranges: readonly LogRange[]): Grouping {
  const labels = [...walk(expr)].flatMap((at) =>
    (at.kind === 'aggregation' || at.kind === 'range') && at.grouping && !at.grouping.without ? at.grouping.labels : [],
  );
  return { labels: [...new Set(labels)], shared: ranges.length > 1 };
}

/** Returns the lines to try for an expression. */
export function candidatesOf(expr: Expr, text: string): Candidate[] {
  const ranges = rangesOf(expr, text);
  const options = { values: unwrappedValues(expr), grouping: groupingOf(expr, ranges) };
  const others = ranges.map((range) => otherLine(range, options.grouping));
  const own = [...ranges.flatMap((range) => candidatesFor(range, options)), ...others];
  const all = countsBytes(expr) ? [...own, ...own.map(longer)] : own;
  return [...new Map(all.map((candidate) => [JSON.stringify(candidate), candidate])).values()];
}

function countsBytes(expr: Expr): boolean {
  return [...walk(expr)].some((at) => at.kind === 'range' && at.operation.startsWith('bytes_'));
}

/** Bytes by which lines are made longer if an expression counts bytes. */
const LONG = 1000;

function longer({ labels, line }: Candidate): Candidate {
  return { labels, line: `${line} ${'x'.repeat(LONG)}` };
}

/** Kinds of lines without a Loki: those that were made for a source, which is assumed to accept them. */
export function assumedKinds(expr: Expr, text: string): FoundKind[] {
  const ranges = rangesOf(expr, text);
  const options = { values: unwrappedValues(expr).slice(0, 1), grouping: groupingOf(expr, ranges) };
  const kinds = ranges.flatMap((range, source) =>
    candidatesFor(range, options)
      .slice(0, 1)
      .map((candidate) => kindOf(candidate, new Map([[source, options.values[0] ?? 1]]))),
  );
  return kinds.slice(0, MAX_KINDS);
}

function kindOf(candidate: Candidate, values: ReadonlyMap<number, number>): FoundKind {
  return { candidate, values, bytes: Buffer.byteLength(candidate.line) };
}

/**
 * Asks Loki which sources of an expression accept which lines, and returns one line of each kind.
 * @throws with Loki's reason
 */
export async function findKinds(loki: TestLoki, expr: Expr, text: string): Promise<FoundKind[]> {
  const candidates = candidatesOf(expr, text);
  const streams = candidates.map(
    ({ labels, line }, i): TestStream => ({
      labels,
      lines: [{ ns: i * 1e9, line: line.replaceAll('{{n}}', '1') }],
    }),
  );
  const tenant = await loki.tenant(streams);
  const accepted = candidates.map(() => new Map<number, number>());
  for (const [source, range] of rangesOf(expr, text).entries()) {
    const query = logQuery(range, text);
    for (const { ns, labels } of await tenant.lines(query, candidates.length * 1000)) {
      const value = unwrapped(range, labels);
      if (!labels.__error__ && value !== undefined) accepted[Math.round(ns / 1e9)]?.set(source, value);
    }
  }
  const kinds = candidates.map((candidate, i) => kindOf(candidate, accepted[i] ?? new Map()));
  const distinct = new Map<string, FoundKind>();
  for (const kind of kinds) {
    const key = JSON.stringify([...kind.values, countsBytes(expr) && kind.bytes > LONG]);
    if (kind.values.size > 0 && !distinct.has(key)) distinct.set(key, kind);
  }
  return [...distinct.values()].slice(0, MAX_KINDS);
}

/** Returns the selector and pipeline of a range as a log query, with the filters after `unwrap`. */
function logQuery(range: LogRange, text: string): string {
  const pipeline = pipelineText({ ...range, unwrap: undefined }, text);
  const filters = (range.unwrap?.filters ?? []).map(({ from, to }) => ` | ${text.slice(from, to)}`);
  return pipeline + filters.join('');
}

/** Returns the number that `unwrap` reads, as far as units matter to a prediction; undefined if it is not a number. */
function unwrapped({ unwrap }: LogRange, labels: Readonly<Record<string, string>>): number | undefined {
  if (!unwrap) return 1;
  const value = Number.parseFloat(labels[unwrap.label] ?? '');
  return Number.isNaN(value) ? undefined : value;
}
