import type { Expr, LogRange, Selector } from '../../logql';

/** The operands of an expression. */
function operandsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'aggregation':
    case 'label-replace':
      return [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    case 'variants':
      return expr.variants;
    default:
      return [];
  }
}

/** An expression and all that it is made of. No recursion: a query may nest as deep as its length allows. */
export function* walk(expr: Expr): Generator<Expr> {
  const open = [expr];
  for (let at = open.pop(); at; at = open.pop()) {
    yield at;
    open.push(...[...operandsOf(at)].reverse());
  }
}

/** The log ranges that an expression reads. */
export function rangesOf(expr: Expr): LogRange[] {
  return [...walk(expr)].flatMap((at) => (at.kind === 'range' || at.kind === 'variants' ? [at.range] : []));
}

/** The stream selectors of an expression. */
export function selectorsOf(expr: Expr): Selector[] {
  return [...walk(expr)].flatMap((at) =>
    at.kind === 'log' || at.kind === 'range' || at.kind === 'variants'
      ? [at.kind === 'log' ? at.selector : at.range.selector]
      : [],
  );
}

/** Whether an expression nests deeper than any that people write, so that recursion over it could exhaust the stack. */
export function isTooDeep(expr: Expr): boolean {
  let level: readonly Expr[] = [expr];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > 500) return true;
    level = level.flatMap(operandsOf);
  }
  return false;
}

/** The labels that any part of the expression groups by. */
export function groupedBy(expr: Expr): string[] {
  return [...walk(expr)].flatMap((at) =>
    (at.kind === 'aggregation' || at.kind === 'range') && at.grouping && !at.grouping.without ? at.grouping.labels : [],
  );
}
