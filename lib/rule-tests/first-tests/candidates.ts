import type { Expr, LogRange } from '../../logql/syntax';
import { walk } from '../../logql/walk';
import { choices } from './choice';
import { conditionsOf } from './layers';
import { renderLayers } from './render';
import { valueFor } from './requirement';

/** A stream and a line that a source of logs may read. */
export interface Candidate {
  readonly labels: Readonly<Record<string, string>>;
  /** Line; `{{n}}` is its number. */
  readonly line: string;
}

/** Labels that an expression groups by, which its alerts will have. */
export interface Grouping {
  readonly labels: readonly string[];
  /** True if several ranges must have the same ones. */
  readonly shared: boolean;
}

/** Number of ways in which alternatives are chosen: most lines are accepted the first time. */
const ATTEMPTS = 8;

/** Labels of a stream whose selector asks for none. */
const SOME_LABELS = { job: 'example' };

/** Returns the ranges that an expression reads; those with the same selector, pipeline and `unwrap` only once. */
export function rangesOf(expr: Expr, text: string): LogRange[] {
  const ranges = [...walk(expr)].flatMap((at) => (at.kind === 'range' || at.kind === 'variants' ? [at.range] : []));
  return [...new Map(ranges.map((range) => [pipelineText(range, text), range])).values()];
}

/** Returns the selector and pipeline of a range, with `unwrap`, as they are in the expression. */
export function pipelineText({ selector, stages, unwrap }: LogRange, text: string): string {
  return text.slice(selector.from, (unwrap ?? stages.at(-1) ?? selector).to);
}

/**
 * Returns streams and lines that a source probably accepts, the best ones first.
 * @param values values of the label that `unwrap` reads
 */
export function candidatesFor(
  range: LogRange,
  { values, grouping }: { readonly values: readonly number[]; readonly grouping: Grouping },
): Candidate[] {
  const found = new Map<string, Candidate>();
  for (let seed = 0; seed < ATTEMPTS; seed++) {
    for (const value of range.unwrap ? values : [0]) {
      const candidate = attempt(range, { seed, value, grouping });
      found.set(JSON.stringify(candidate), candidate);
    }
  }
  return [...found.values()];
}

/** Units of the values that `unwrap` converts. */
const UNITS = { bytes: 'B', duration: 's', duration_seconds: 's' } as const;

interface Attempt {
  readonly seed: number;
  /** Value of the label that `unwrap` reads. */
  readonly value: number;
  readonly grouping: Grouping;
}

function attempt(range: LogRange, { seed, value, grouping }: Attempt): Candidate {
  const choose = choices(seed);
  const conditions = conditionsOf(range, choose);
  for (const label of grouping.labels) {
    const own = conditions.of(label);
    if (own.length > 0) continue;
    // Sides of an operation match if the label is in the stream, whichever of them parses the line.
    const place = grouping.shared && !isCaptured(range, label) ? conditions.stream(label) : own;
    place.push(PRESENT);
  }
  if (range.unwrap) {
    const { label, conversion } = range.unwrap;
    const text = `${value}${conversion ? UNITS[conversion] : ''}`;
    conditions.of(label).push({ accepts: (each) => each === text, samples: () => [text] });
  }
  const line = renderLayers(conditions.layers, choose);
  const labels = [...conditions.labels].map(([name, requirements]) => [name, valueFor(requirements, choose)] as const);
  const present = Object.fromEntries(labels.filter(([, text]) => text !== ''));
  return { labels: Object.keys(present).length > 0 ? present : SOME_LABELS, line: line === '' ? 'line {{n}}' : line };
}

/** True if a parser extracts the label by name. */
function isCaptured({ stages }: LogRange, label: string): boolean {
  return stages.some(
    (stage) =>
      stage.kind === 'parser' &&
      [...stage.captures, ...stage.extractions.map((extraction) => extraction.label)].includes(label),
  );
}

/** Any value. */
const PRESENT = { accepts: (text: string) => text !== '' };

/** Returns a line of the selector that no filter has shaped. */
export function otherLine(range: LogRange, grouping: Grouping): Candidate {
  const { labels } = attempt({ ...range, stages: [], unwrap: undefined }, { seed: 0, value: 0, grouping });
  return { labels, line: 'another line {{n}}' };
}
