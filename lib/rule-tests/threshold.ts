import { parseLogQL } from '../logql';
import type { Threshold } from './result';

const COMPARISONS = new Set(['>', '>=', '<', '<=', '==', '!=']);

/**
 * Splits `sum(rate(…)) > 60` into the left side and the threshold; undefined if it is not a comparison with a number.
 */
export function splitThreshold(text: string): { readonly expr: string; readonly threshold: Threshold } | undefined {
  const { expr } = parseLogQL(text);
  if (expr?.kind !== 'binary' || !COMPARISONS.has(expr.operator) || expr.right.kind !== 'number') return undefined;
  return {
    expr: text.slice(expr.left.from, expr.left.to),
    threshold: { operator: expr.operator, value: expr.right.value },
  };
}
