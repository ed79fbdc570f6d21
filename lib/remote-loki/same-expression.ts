import { parseLogQL } from '../logql';

/**
 * Returns a text that is equal for expressions that differ only in white space, comments, parentheses without effect,
 * and the notation of strings and durations: Loki prints expressions in its own way.
 */
export function expressionKey(text: string): string {
  const { expr } = parseLogQL(text);
  try {
    return expr ? JSON.stringify(expr, meaning) : text.trim();
  } catch {
    // Too deep for recursion.
    return text.trim();
  }
}

/** Leaves out positions. */
function meaning(key: string, value: unknown): unknown {
  if (key === 'from' || key === 'to') return undefined;
  if (typeof value === 'bigint') return `${value}`;
  return typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value;
}
