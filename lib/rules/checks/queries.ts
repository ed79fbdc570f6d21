import { type Expr, type LabelFilterExpr, type LogRange, sources, walk } from '../../logql';

/** The log ranges that an expression reads. */
export function rangesOf(expr: Expr): LogRange[] {
  return [...walk(expr)].flatMap((at) => (at.kind === 'range' || at.kind === 'variants' ? [at.range] : []));
}

/** The labels of each `by (…)` in the expression. */
export function groupings(expr: Expr): (readonly string[])[] {
  return [...walk(expr)].flatMap((at) =>
    (at.kind === 'aggregation' || at.kind === 'range') && at.grouping && !at.grouping.without
      ? [at.grouping.labels]
      : [],
  );
}

/** The labels that any part of the expression groups by. */
export function groupedBy(expr: Expr): string[] {
  return groupings(expr).flat();
}

/** The labels that selectors and label filters ask for. */
export function askedFor(expr: Expr): string[] {
  return [...sources(expr)].flatMap(({ selector, stages }) => [
    ...selector.matchers.map(({ name }) => name),
    ...stages.flatMap((stage) => (stage.kind === 'label-filter' ? leaves(stage.filter).map(({ name }) => name) : [])),
  ]);
}

type Leaf = Exclude<LabelFilterExpr, { left: unknown }>;

/** The single filters of a combination. No recursion: a query may chain as many as its length allows. */
export function leaves(filter: LabelFilterExpr): Leaf[] {
  return parts(filter, () => true) as Leaf[];
}

/** The filters that all must hold. */
export function conjuncts(filter: LabelFilterExpr): LabelFilterExpr[] {
  return parts(filter, ({ kind }) => kind === 'label-and');
}

function parts(filter: LabelFilterExpr, divides: (pair: LabelFilterExpr) => boolean): LabelFilterExpr[] {
  const open = [filter];
  const found: LabelFilterExpr[] = [];
  for (let at = open.pop(); at; at = open.pop()) {
    if ('left' in at && divides(at)) open.push(at.right, at.left);
    else found.push(at);
  }
  return found;
}

/** Whether a stage may give lines labels that their stream has not. */
export function hasParser(expr: Expr): boolean {
  return [...sources(expr)].some(({ stages }) =>
    stages.some(({ kind }) => kind === 'parser' || kind === 'label-format'),
  );
}

/** Whether anything in the expression may give a series a label that its stream has not. */
export function makesLabels(expr: Expr): boolean {
  return hasParser(expr) || [...walk(expr)].some(({ kind }) => kind === 'label-replace' || kind === 'variants');
}

/** Deepest expression that is looked into: none that people write is nearly as deep, and recursion over it is safe. */
const MAX_DEPTH = 500;

/** Whether an expression nests so deep that recursion over it could exhaust the stack. */
export function isTooDeep(expr: Expr): boolean {
  const open = [{ at: expr, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { at, depth } = next;
    if (depth > MAX_DEPTH) return true;
    if (at.kind === 'aggregation' || at.kind === 'label-replace') open.push({ at: at.operand, depth: depth + 1 });
    if (at.kind === 'binary') open.push({ at: at.left, depth: depth + 1 }, { at: at.right, depth: depth + 1 });
  }
  return false;
}
