import { formatLabels, type Labels, sameLabels, toLabels } from './labels';
import type { FoundLine } from './loki';
import type { AlertHistory, FiringAlert } from './promtool';
import type { AlertRuleTest, LogqlExprTest } from './test-file';

/** Expected and actual values, in the test format and in the same order. */
export interface Comparison {
  readonly passed: boolean;
  readonly expected: unknown;
  readonly got: unknown;
  /** True if `got` shows a failure and cannot be expected. @default false */
  readonly failed?: boolean;
}

/** An alert in the test format, without `alertname`, which reports do not repeat. */
interface AlertText {
  readonly exp_labels: Labels;
  readonly exp_annotations?: Labels;
}

/**
 * Compares firing alerts in any order: all labels, and all annotations where the test sets them. (To promtool, omitted
 * annotations mean none.)
 */
export function compareAlerts(test: AlertRuleTest, firing: readonly FiringAlert[]): Comparison {
  const expected = (test.exp_alerts ?? []).map(({ exp_labels, exp_annotations }): AlertText => {
    const labels = withoutName(toLabels(exp_labels));
    return exp_annotations
      ? { exp_labels: labels, exp_annotations: sorted(toLabels(exp_annotations)) }
      : { exp_labels: labels };
  });
  const left = firing.map(({ labels, annotations }) => ({
    exp_labels: withoutName(labels),
    exp_annotations: sorted(annotations),
  }));
  const pairs = expected.map((wanted) => {
    const index = left.findIndex(({ exp_labels }) => sameLabels(exp_labels, wanted.exp_labels));
    const [match] = index < 0 ? [] : left.splice(index, 1);
    const { exp_annotations: _, ...labelsOnly } = match ?? {};
    return match && (wanted.exp_annotations ? match : labelsOnly);
  });
  const got = [...pairs.filter((match) => match !== undefined), ...left];
  return comparison(expected, got);
}

function withoutName({ alertname: _, ...labels }: Labels): Labels {
  return sorted(labels);
}

/** Returns the state of a rule: the highest among its alerts. */
export function stateAt(
  histories: readonly AlertHistory[],
  alertname: string,
  step: number,
): 'firing' | 'pending' | 'inactive' {
  const own = histories.filter(({ labels }) => labels.alertname === alertname);
  if (own.some(({ firing }) => firing.has(step))) return 'firing';
  return own.some(({ pending }) => pending.has(step)) ? 'pending' : 'inactive';
}

/** Relative difference below which values are equal: sums of floating-point numbers depend on their order. */
const TOLERANCE = 1e-9;

/** Compares samples in any order. */
export function compareSamples(test: LogqlExprTest, samples: readonly { labels: Labels; value: string }[]): Comparison {
  const expected = (test.exp_samples ?? [])
    .map(({ labels, value }) => ({ labels: formatLabels(toLabels(labels)), value: toNumber(value) }))
    .sort(byLabels);
  const got = samples
    .map(({ labels, value }) => ({ labels: formatLabels(labels), value: toNumber(value) }))
    .sort(byLabels);
  const passed =
    expected.length === got.length &&
    expected.every(({ labels, value }, i) => labels === got[i]?.labels && close(value, got[i]?.value ?? Number.NaN));
  return { passed, expected: expected.map(printable), got: got.map(printable) };
}

function byLabels(a: { labels: string; value: number }, b: { labels: string; value: number }): number {
  return a.labels < b.labels ? -1 : a.labels > b.labels ? 1 : a.value - b.value;
}

function close(a: number, b: number): boolean {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Object.is(a, b);
  return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}

function toNumber(value: number | string): number {
  return typeof value === 'number' ? value : Number(value.replace('Inf', 'Infinity'));
}

/** Returns a sample in the test format: JSON has no NaN or infinity. */
function printable({ labels, value }: { labels: string; value: number }): object {
  return { labels, value: Number.isFinite(value) ? value : String(value).replace('Infinity', 'Inf') };
}

/** Compares lines in order; labels and timestamps only where the test sets them. */
export function compareLogs(test: LogqlExprTest, lines: readonly FoundLine[]): Comparison {
  const expected = (test.exp_logs ?? []).map(({ labels, line, timestamp }) => ({
    ...(labels === undefined ? {} : { labels: formatLabels(toLabels(labels)) }),
    line,
    ...(timestamp === undefined ? {} : { timestamp }),
  }));
  const got = lines.map(({ labels, line, ns }, i) => ({
    // Fields that the expectation does not set are left out; a line without an expectation shows its labels.
    ...(expected[i] && !('labels' in expected[i]) ? {} : { labels: formatLabels(labels) }),
    line,
    ...(expected[i] && 'timestamp' in expected[i] ? { timestamp: ns } : {}),
  }));
  return { passed: JSON.stringify(expected) === JSON.stringify(got), expected, got };
}

function comparison(expected: readonly object[], got: readonly object[]): Comparison {
  const [sortedExpected, sortedGot] = [expected, got].map((list) =>
    [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  );
  return {
    passed: JSON.stringify(sortedExpected) === JSON.stringify(sortedGot),
    expected: sortedExpected,
    got: sortedGot,
  };
}

function sorted(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
