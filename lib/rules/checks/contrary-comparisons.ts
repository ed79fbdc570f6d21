import type { LabelComparison } from '../../logql';

/** Values that pass a comparison, as the ends of a range. */
interface Bounds {
  readonly low: number;
  readonly high: number;
  /** True if the ends themselves pass. */
  readonly closed: boolean;
}

/** True if no value passes both of two comparisons of a label: `status >= 500` and `status < 400`. */
export function areDisjoint(first: LabelComparison, second: LabelComparison): boolean {
  if (first.type !== second.type || first.type === 'ip') return false;
  if (first.operator === '!=' || second.operator === '!=') {
    return [first.operator, second.operator].includes('==') && first.value === second.value;
  }
  const [one, two] = [boundsOf(first), boundsOf(second)];
  const [low, high] = [Math.max(one.low, two.low), Math.min(one.high, two.high)];
  return low > high || (low === high && !(one.closed && two.closed));
}

function boundsOf({ operator, value }: LabelComparison): Bounds {
  const limit = Number(value);
  return {
    low: operator.startsWith('<') ? Number.NEGATIVE_INFINITY : limit,
    high: operator.startsWith('>') ? Number.POSITIVE_INFINITY : limit,
    closed: operator.endsWith('='),
  };
}
