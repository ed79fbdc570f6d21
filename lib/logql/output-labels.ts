import { compileMatcher } from './regexp';
import type {
  BinaryOperation,
  DropOrKeep,
  Expr,
  LabelMatcher,
  LogRange,
  PipelineStage,
  RangeAggregation,
  VectorAggregation,
} from './syntax';
import { walk } from './walk';

/** Labels that series can have. */
export interface LabelSet {
  /** True if there are no other labels, e.g. after `by (…)`; false e.g. after a parser that extracts all fields. */
  readonly exact: boolean;
  readonly labels: ReadonlySet<string>;
  /** Labels that every series has, with their value, or undefined if it can have several. */
  readonly certain: ReadonlyMap<string, string | undefined>;
}

const NO_LABELS: LabelSet = { exact: true, labels: new Set(), certain: new Map() };

/** Returns the set without some labels. */
export const without = ({ exact, labels, certain }: LabelSet, removed: readonly string[]): LabelSet => ({
  exact,
  labels: new Set([...labels].filter((label) => !removed.includes(label))),
  certain: new Map([...certain].filter(([label]) => !removed.includes(label))),
});

/** Returns the set with labels that some series have, and whose value is unknown. */
const plus = ({ exact, labels, certain }: LabelSet, added: readonly string[]): LabelSet => ({
  exact,
  labels: new Set([...labels, ...added]),
  certain: new Map([...certain].filter(([label]) => !added.includes(label))),
});

/** Returns the set with at most the labels in `kept`. */
export const only = ({ exact, labels, certain }: LabelSet, kept: readonly string[]): LabelSet => ({
  exact: true,
  labels: new Set(kept.filter((label) => !exact || labels.has(label))),
  certain: new Map([...certain].filter(([label]) => kept.includes(label))),
});

/** Labels that the result of an expression can have. */
export function outputLabels(expr: Expr): LabelSet {
  return labelSets(expr).get(expr) ?? NO_LABELS;
}

/** Labels that the results of an expression and of all expressions in it can have. */
export function labelSets(expr: Expr): ReadonlyMap<Expr, LabelSet> {
  const sets = new Map<Expr, LabelSet>();
  const of = (inner: Expr): LabelSet => sets.get(inner) ?? NO_LABELS;
  // From the inside out, without recursion.
  for (const at of [...walk(expr)].reverse()) {
    sets.set(at, labelsOf(at, of));
  }
  return sets;
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
      return { exact: false, labels: new Set(['__variant__']), certain: new Map() };
  }
}

function selected({ selector }: Pick<LogRange, 'selector'>): LabelSet {
  const certain = new Map<string, string | undefined>();
  for (const matcher of selector.matchers) {
    if (matchesEmpty(matcher)) continue;
    certain.set(matcher.name, matcher.operator === '=' ? matcher.value.value : certain.get(matcher.name));
  }
  return { exact: false, labels: new Set(selector.matchers.map(({ name }) => name)), certain };
}

function matchesEmpty({ operator, value }: LabelMatcher): boolean {
  if (operator === '=' || operator === '!=') return (value.value === '') === (operator === '=');
  const compiled = compileMatcher(value);
  return 'error' in compiled || compiled.matchesEmpty === (operator === '=~');
}

function afterStage(set: LabelSet, stage: PipelineStage): LabelSet {
  switch (stage.kind) {
    case 'parser': {
      const named = [...stage.captures, ...stage.extractions.map(({ label }) => label)];
      // A label of the stream keeps its value: the parser writes to `<label>_extracted`.
      const { labels } = plus(set, named);
      return { ...set, labels, exact: set.exact && named.length > 0 };
    }
    case 'label-format': {
      const renamed = stage.labels.flatMap(({ rename }) => (rename === undefined ? [] : [rename]));
      return plus(
        without(set, renamed),
        stage.labels.map(({ label }) => label),
      );
    }
    case 'drop':
      return without(uncertain(set, stage), namesOf(stage, 'label'));
    case 'keep':
      return only(uncertain(set, stage), [...namesOf(stage, 'label'), ...namesOf(stage, 'matcher')]);
    default:
      return set;
  }
}

function namesOf({ labels }: DropOrKeep, kind: 'label' | 'matcher'): string[] {
  return labels.filter((label) => label.kind === kind).map(({ name }) => name);
}

/** Labels with a matcher depend on their value: some series have them, others do not. */
function uncertain(set: LabelSet, stage: DropOrKeep): LabelSet {
  const names = namesOf(stage, 'matcher');
  return { ...set, certain: new Map([...set.certain].filter(([label]) => !names.includes(label))) };
}

function ofRange({ operation, range, grouping }: RangeAggregation): LabelSet {
  if (operation === 'absent_over_time') {
    // Without a series, Loki uses the labels that the selector matches with `=`.
    const fixed = range.selector.matchers.filter((matcher) => matcher.operator === '=' && isNamedOnce(matcher, range));
    const certain = new Map(fixed.map(({ name, value }) => [name, value.value]));
    return { exact: true, labels: new Set(certain.keys()), certain };
  }
  const all = range.stages.reduce(afterStage, selected(range));
  if (grouping && !grouping.without) {
    return only(all, grouping.labels);
  }
  return without(all, [...(grouping?.labels ?? []), ...(range.unwrap ? [range.unwrap.label] : [])]);
}

function isNamedOnce({ name }: LabelMatcher, { selector }: LogRange): boolean {
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
    return union(ofLeft, ofRight);
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

function union(left: LabelSet, right: LabelSet): LabelSet {
  const shared = [...left.certain].filter(([label]) => right.certain.has(label));
  return {
    exact: left.exact && right.exact,
    labels: new Set([...left.labels, ...right.labels]),
    certain: new Map(shared.map(([label, value]) => [label, right.certain.get(label) === value ? value : undefined])),
  };
}
