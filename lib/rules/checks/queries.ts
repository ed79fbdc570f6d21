import { type BinaryOperator, type Expr, type LabelFilterExpr, type LogRange, sources, walk } from '../../logql';

export const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '>', '>=', '<', '<=']);

export const ARITHMETIC: ReadonlySet<BinaryOperator> = new Set(['+', '-', '*', '/', '%', '^']);

/** Range aggregations that count lines or bytes: without lines there is no series, and no zero. */
export const COUNTS: ReadonlySet<string> = new Set(['count_over_time', 'rate', 'bytes_over_time', 'bytes_rate']);

/** Aggregations that are positive if one of their series is. */
export const KEEPS_EVENTS: ReadonlySet<string> = new Set(['sum', 'max', 'min', 'avg', 'count']);

/** True if a comparison with a number is true for any count that has lines. */
export function isTrueForEvents(count: Expr, operator: BinaryOperator, value: number): boolean {
  if (count.kind === 'label-replace') return isTrueForEvents(count.operand, operator, value);
  if (count.kind === 'aggregation') {
    return KEEPS_EVENTS.has(count.operation) && isTrueForEvents(count.operand, operator, value);
  }
  return count.kind === 'range' && COUNTS.has(count.operation) && isTrueForOne(operator, value);
}

/** True if one line satisfies the comparison. For counts only: the rate of one line is less than 1. */
export function isTrueForOne(operator: BinaryOperator, value: number): boolean {
  return (operator === '>' && value === 0) || (operator === '>=' && value === 1) || (operator === '!=' && value === 0);
}

/** Log ranges that an expression reads. */
export function rangesOf(expr: Expr): LogRange[] {
  return [...walk(expr)].flatMap((at) => (at.kind === 'range' || at.kind === 'variants' ? [at.range] : []));
}

/** Labels of each `by (…)` in the expression. */
export function groupings(expr: Expr): (readonly string[])[] {
  return [...walk(expr)].flatMap((at) =>
    (at.kind === 'aggregation' || at.kind === 'range') && at.grouping && !at.grouping.without
      ? [at.grouping.labels]
      : [],
  );
}

/** Labels that any part of the expression groups by. */
export function groupedBy(expr: Expr): string[] {
  return groupings(expr).flat();
}

/** Labels in selectors and label filters. */
export function filteredBy(expr: Expr): string[] {
  return [...sources(expr)].flatMap(({ selector, stages }) => [
    ...selector.matchers.map(({ name }) => name),
    ...stages.flatMap((stage) => (stage.kind === 'label-filter' ? leaves(stage.filter).map(({ name }) => name) : [])),
  ]);
}

type Leaf = Exclude<LabelFilterExpr, { left: unknown }>;

/** Single filters of a combination. No recursion: a query may chain as many as its length allows. */
export function leaves(filter: LabelFilterExpr): Leaf[] {
  const pending = [filter];
  const found: Leaf[] = [];
  for (let at = pending.pop(); at; at = pending.pop()) {
    if ('left' in at) pending.push(at.right, at.left);
    else found.push(at);
  }
  return found;
}

/** True if a stage may add labels that the stream does not have. */
export function hasParser(expr: Expr): boolean {
  return [...sources(expr)].some(({ stages }) =>
    stages.some(({ kind }) => kind === 'parser' || kind === 'label-format'),
  );
}

/** True if any part of the expression may add labels that the stream does not have. */
export function addsLabels(expr: Expr): boolean {
  return hasParser(expr) || [...walk(expr)].some(({ kind }) => kind === 'label-replace' || kind === 'variants');
}

/** Maximum depth of an expression that is checked: far deeper than anyone writes, and safe for recursion. */
const MAX_DEPTH = 500;

/** True if an expression is nested so deeply that recursion over it could exhaust the stack. */
export function isTooDeep(expr: Expr): boolean {
  const pending = [{ at: expr, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { at, depth } = next;
    if (depth > MAX_DEPTH) return true;
    if (at.kind === 'aggregation' || at.kind === 'label-replace') pending.push({ at: at.operand, depth: depth + 1 });
    if (at.kind === 'binary') pending.push({ at: at.left, depth: depth + 1 }, { at: at.right, depth: depth + 1 });
  }
  return false;
}
