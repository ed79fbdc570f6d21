import { type BinaryOperation, type BinaryOperator, type Expr, walk } from '../../logql';
import { isAlert } from '../model';
import type { Check } from './check';

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '>', '>=', '<', '<=']);

/** How the comparison reads with its sides exchanged. */
const MIRRORED: Readonly<Partial<Record<BinaryOperator, BinaryOperator>>> = { '>': '<', '>=': '<=' };

/** Range aggregations that count lines or bytes: where there is no line there is no series, and no zero. */
const COUNTS: ReadonlySet<string> = new Set(['count_over_time', 'rate', 'bytes_over_time', 'bytes_rate']);

/** What decides whether an alert fires. */
export const conditionChecks: readonly Check[] = [
  {
    id: 'no-comparison',
    severity: 'warning',
    *rule({ rule, query }) {
      if (!isAlert(rule) || !query || query.kind === 'log' || isConditional(query)) return;
      const bool = [...walk(query)].some((at) => at.kind === 'binary' && at.bool);
      yield {
        field: ['expr'],
        message: bool
          ? "a comparison with 'bool' gives 0 or 1 and always a series, so the alert fires as long as there are logs; remove 'bool'"
          : "nothing is compared, so the alert fires as long as there are logs; write the threshold, for instance '> 0'",
      };
    },
  },
  {
    id: 'count-never-zero',
    severity: 'warning',
    *rule({ rule, query }) {
      if (!isAlert(rule) || !query) return;
      for (const at of walk(query)) {
        if (at.kind !== 'binary' || !asksForFew(at)) continue;
        yield {
          field: ['expr'],
          offset: at.from,
          message:
            "where no line is logged there is no series, so this is not true just when it should be; ask with 'absent_over_time({…} [5m])', or with 'count_over_time({…} [1d]) unless count_over_time({…} [5m])' for each stream",
        };
      }
    },
  },
];

/** Whether something in the expression can keep the alert from firing. */
function isConditional(expr: Expr): boolean {
  switch (expr.kind) {
    case 'range':
      return expr.operation === 'absent_over_time';
    case 'aggregation':
    case 'label-replace':
      return isConditional(expr.operand);
    case 'binary':
      return isConditionalOperation(expr);
    default:
      return false;
  }
}

function isConditionalOperation({ operator, bool, left, right }: BinaryOperation): boolean {
  if (COMPARISONS.has(operator)) return !bool || isConditional(left) || isConditional(right);
  if (operator === 'unless') return true;
  const sides = [isConditional(left), isConditional(right)];
  return operator === 'or' ? sides.every(Boolean) : sides.some(Boolean);
}

/** `count == 0`, `count < 5`, `5 > count` */
function asksForFew({ operator, bool, left, right }: BinaryOperation): boolean {
  if (bool) return false;
  if (right.kind === 'number' && isCount(left)) return isFew(operator, right.value);
  if (left.kind === 'number' && isCount(right)) return isFew(MIRRORED[operator] ?? operator, left.value);
  return false;
}

function isFew(operator: BinaryOperator, value: number): boolean {
  return operator === '<' || operator === '<=' || (operator === '==' && value === 0);
}

function isCount(expr: Expr): boolean {
  if (expr.kind === 'range') return COUNTS.has(expr.operation) && !expr.range.unwrap;
  return (expr.kind === 'aggregation' || expr.kind === 'label-replace') && isCount(expr.operand);
}
