import type { Expr, LogRange } from './syntax';

function children(expr: Expr): readonly Expr[] {
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

/** An expression and all in it, each before what it contains. However deep it nests. */
export function* walk(expr: Expr): Generator<Expr> {
  const open: Expr[] = [expr];
  for (let next = open.pop(); next; next = open.pop()) {
    yield next;
    open.push(...children(next).toReversed());
  }
}

/** Whether it reads any log; `vector(1)` reads none. */
export function readsLogs(expr: Expr): boolean {
  return !sources(expr).next().done;
}

/** What the expression reads: its ranges, or the whole of a log query. */
export function* sources(expr: Expr): Generator<Pick<LogRange, 'selector' | 'stages' | 'unwrap'>> {
  for (const at of walk(expr)) {
    if (at.kind === 'log') {
      yield at;
    } else if (at.kind === 'range' || at.kind === 'variants') {
      yield at.range;
    }
  }
}
