import type { BinaryOperation, Expr, LogRange, PipelineStage, RangeAggregation, VectorAggregation } from './syntax';
import { walk } from './walk';

/** Labels that series can have. */
export interface LabelSet {
  /** True if there are no other labels, e.g. after `by (…)`; false e.g. after a parser that extracts all fields. */
  readonly exact: boolean;
  readonly labels: ReadonlySet<string>;
}

const NO_LABELS: LabelSet = { exact: true, labels: new Set() };

const without = ({ exact, labels }: LabelSet, removed: readonly string[]): LabelSet => ({
  exact,
  labels: new Set([...labels].filter((label) => !removed.includes(label))),
});

const plus = ({ exact, labels }: LabelSet, added: Iterable<string>): LabelSet => ({
  exact,
  labels: new Set([...labels, ...added]),
});

/** Returns the set with at most the labels in `kept`. */
const only = ({ exact, labels }: LabelSet, kept: readonly string[]): LabelSet => ({
  exact: true,
  labels: new Set(kept.filter((label) => !exact || labels.has(label))),
});

/** Labels that the result of an expression can have. */
export function outputLabels(expr: Expr): LabelSet {
  const sets = new Map<Expr, LabelSet>();
  const of = (inner: Expr): LabelSet => sets.get(inner) ?? NO_LABELS;
  // From the inside out, without recursion.
  for (const at of [...walk(expr)].reverse()) {
    sets.set(at, labelsOf(at, of));
  }
  return of(expr);
}

function labelsOf(expr: Expr, of: (inner: Expr) => LabelSet): LabelSet {
  switch (expr.kind) {
    case 'number':
    case 'vector':
      return NO_LABELS;
    case 'log':
      return expr.stages.reduce(afterStage, selected(expr));
    case 'range':
      return ofRange(expr);
    case 'aggregation':
      return ofAggregation(expr, of(expr.operand));
    case 'label-replace':
      return plus(of(expr.operand), [expr.destination.value]);
    case 'binary':
      return ofBinary(expr, of(expr.left), of(expr.right));
    case 'variants':
      return { exact: false, labels: new Set(['__variant__']) };
  }
}

function selected({ selector }: Pick<LogRange, 'selector'>): LabelSet {
  return { exact: false, labels: new Set(selector.matchers.map(({ name }) => name)) };
}

function afterStage(set: LabelSet, stage: PipelineStage): LabelSet {
  switch (stage.kind) {
    case 'parser': {
      const named = [...stage.captures, ...stage.extractions.map(({ label }) => label)];
      return { ...plus(set, named), exact: set.exact && named.length > 0 };
    }
    case 'label-format': {
      const renamed = stage.labels.flatMap(({ rename }) => (rename === undefined ? [] : [rename]));
      return plus(
        without(set, renamed),
        stage.labels.map(({ label }) => label),
      );
    }
    case 'drop':
      return without(
        set,
        stage.labels.filter(({ kind }) => kind === 'label').map(({ name }) => name),
      );
    case 'keep':
      return only(
        set,
        stage.labels.map(({ name }) => name),
      );
    default:
      return set;
  }
}

function ofRange({ operation, range, grouping }: RangeAggregation): LabelSet {
  if (operation === 'absent_over_time') {
    // Without a series, Loki uses the labels that the selector matches with `=`.
    const fixed = range.selector.matchers.filter(({ operator }) => operator === '=').map(({ name }) => name);
    return { exact: true, labels: new Set(fixed.filter((name) => isNamedOnce(name, range))) };
  }
  const all = range.stages.reduce(afterStage, selected(range));
  if (grouping && !grouping.without) {
    return only(all, grouping.labels);
  }
  return without(all, [...(grouping?.labels ?? []), ...(range.unwrap ? [range.unwrap.label] : [])]);
}

function isNamedOnce(name: string, { selector }: LogRange): boolean {
  return selector.matchers.filter((matcher) => matcher.name === name).length === 1;
}

const KEEPS_SERIES: ReadonlySet<string> = new Set(['topk', 'bottomk', 'approx_topk', 'sort', 'sort_desc']);

function ofAggregation({ operation, grouping }: VectorAggregation, inner: LabelSet): LabelSet {
  if (KEEPS_SERIES.has(operation)) {
    return inner;
  }
  if (!grouping) {
    return NO_LABELS;
  }
  return grouping.without ? without(inner, grouping.labels) : only(inner, grouping.labels);
}

function ofBinary({ operator, matching, left, right }: BinaryOperation, ofLeft: LabelSet, ofRight: LabelSet): LabelSet {
  if (operator === 'or') {
    return { exact: ofLeft.exact && ofRight.exact, labels: new Set([...ofLeft.labels, ...ofRight.labels]) };
  }
  if (operator === 'and' || operator === 'unless' || right.kind === 'number') {
    return ofLeft;
  }
  if (left.kind === 'number') {
    return ofRight;
  }
  if (matching?.group) {
    return plus(matching.group === 'left' ? ofLeft : ofRight, matching.include);
  }
  // One to one: both sides have the same labels, except those that the matching ignores.
  const both = ofLeft.exact || !ofRight.exact ? ofLeft : ofRight;
  if (!matching) {
    return both;
  }
  return matching.on ? only(ofLeft, matching.labels) : without(ofLeft, matching.labels);
}
