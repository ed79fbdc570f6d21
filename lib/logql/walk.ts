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

/** Returns an expression and all expressions in it, parents first. Supports any depth. */
export function* walk(expr: Expr): Generator<Expr> {
  const pending: Expr[] = [expr];
  for (let next = pending.pop(); next; next = pending.pop()) {
    yield next;
    pending.push(...children(next).toReversed());
  }
}

/** True if an expression reads logs; `vector(1)` does not. */
export function readsLogs(expr: Expr): boolean {
  return !sources(expr).next().done;
}

/** Log queries and ranges that an expression reads. */
export function* sources(expr: Expr): Generator<Pick<LogRange, 'selector' | 'stages' | 'unwrap'>> {
  for (const at of walk(expr)) {
    if (at.kind === 'log') {
      yield at;
    } else if (at.kind === 'range' || at.kind === 'variants') {
      yield at.range;
    }
  }
}
