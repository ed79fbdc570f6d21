import { type BinaryOperation, type BinaryOperator, type Expr, type LogRange, readsLogs, walk } from '../../logql';
import { durationMs } from '../../text/duration';
import { isAlert } from '../model';
import { COMPARISONS, COUNTS, isTrueForOne, KEEPS_EVENTS, leaves } from './queries';
import type { RuleCheck } from './rule-check';

/** Comparison operators with the operands swapped. */
const MIRRORED: Readonly<Partial<Record<BinaryOperator, BinaryOperator>>> = {
  '>': '<',
  '>=': '<=',
  '<': '>',
  '<=': '>=',
};

/** Checks on the condition that makes an alert fire. */
export const conditionChecks: readonly RuleCheck[] = [
  {
    id: 'no-comparison',
    *rule({ rule, query }) {
      if (!isAlert(rule) || !query || query.kind === 'log') return;
      const bool = [...walk(query)].some((at) => at.kind === 'binary' && at.bool);
      // With 'bool', even a filtered count is always a series.
      if (isConditional(query, { filters: !bool })) return;
      yield {
        field: ['expr'],
        ...(bool
          ? {
              problem:
                "a comparison with 'bool' returns a series either way, so the alert fires as long as there are logs",
              fix: "remove 'bool'",
            }
          : {
              problem: `the expression has no condition, so the alert ${readsLogs(query) ? 'fires as long as there are logs' : 'always fires'}`,
              fix: readsLogs(query) ? "add a threshold, e.g. '> 0'" : 'query logs, or waive this check for a heartbeat',
            }),
      };
    },
  },
  {
    id: 'count-never-zero',
    *rule({ rule, query }) {
      if (!isAlert(rule) || !query) return;
      for (const at of decisiveComparisons(query)) {
        if (!isUpperBound(at)) continue;
        yield {
          field: ['expr'],
          offset: at.from,
          problem: 'without log lines there is no series, so this is never true when nothing is logged',
          fix: 'use absent_over_time({…} [5m]), or per stream count_over_time({…} [1d]) unless count_over_time({…} [5m])',
        };
      }
    },
  },
  {
    id: 'for-outlasts-range',
    *rule({ rule, query }) {
      const time = isAlert(rule) && rule.for !== undefined ? durationMs(rule.for) : undefined;
      if (!isAlert(rule) || !query || !time) return;
      for (const range of eventRanges(query)) {
        if (time < range.milliseconds) continue;
        yield {
          field: ['for'],
          problem: `"for: ${rule.for}" is not shorter than the range, so the alert fires only if matching lines keep coming`,
          fix: 'use a shorter "for" or a longer range, or remove "for"',
        };
        return;
      }
    },
  },
];

/**
 * Ranges of an expression that is true as soon as one line passes the filters: `count_over_time({…} |= "x" [5m]) > 0`.
 */
function eventRanges(expr: Expr): LogRange[] {
  if (expr.kind === 'range') return COUNTS.has(expr.operation) && isFiltered(expr.range) ? [expr.range] : [];
  if (expr.kind === 'aggregation') return KEEPS_EVENTS.has(expr.operation) ? eventRanges(expr.operand) : [];
  if (expr.kind === 'label-replace') return eventRanges(expr.operand);
  if (expr.kind !== 'binary' || expr.bool) return [];
  const { operator, left, right } = expr;
  if (right.kind === 'number') return isTrueForOne(operator, right.value) ? eventRanges(left) : [];
  if (left.kind === 'number') return isTrueForOne(MIRRORED[operator] ?? operator, left.value) ? eventRanges(right) : [];
  return [];
}

/** Comparisons that decide alone: not those joined with `absent_over_time`, nor the upper bound of an interval. */
function decisiveComparisons(expr: Expr): BinaryOperation[] {
  const pending = [expr];
  const found: BinaryOperation[] = [];
  for (let at = pending.pop(); at; at = pending.pop()) {
    if (at.kind === 'aggregation' || at.kind === 'label-replace') pending.push(at.operand);
    if (at.kind !== 'binary') continue;
    if (COMPARISONS.has(at.operator)) found.push(at);
    const { operator, left, right } = at;
    const other = (side: Expr) => (side === left ? right : left);
    pending.push(
      ...[right, left].filter(
        (side) =>
          !(operator === 'or' && coversSilence(other(side))) && !(operator === 'and' && isLowerBound(other(side))),
      ),
    );
  }
  return found;
}

function coversSilence(expr: Expr): boolean {
  return [...walk(expr)].some(
    (at) =>
      (at.kind === 'range' && at.operation === 'absent_over_time') ||
      (at.kind === 'binary' && at.operator === 'unless'),
  );
}

function isLowerBound(expr: Expr): boolean {
  return expr.kind === 'binary' && COMPARISONS.has(expr.operator) && !isUpperBound(expr);
}

/** Parts of an expression that count as a condition. */
interface Conditions {
  /** True if filters count: if no line passes, there is no series. */
  readonly filters: boolean;
}

/** True if some part of the expression can keep the alert from firing. */
function isConditional(expr: Expr, conditions: Conditions): boolean {
  switch (expr.kind) {
    case 'range':
      return expr.operation === 'absent_over_time' || (conditions.filters && isFiltered(expr.range));
    case 'aggregation':
    case 'label-replace':
      return isConditional(expr.operand, conditions);
    case 'binary':
      return isConditionalOperation(expr, conditions);
    default:
      return false;
  }
}

/**
 * True if a filter may exclude lines. Filters on `__error…` only drop lines that cannot be parsed, and do not count.
 */
export function isFiltered({ stages, unwrap }: LogRange): boolean {
  const filters = stages.flatMap((stage) => (stage.kind === 'label-filter' ? [stage.filter] : []));
  const conditions = [...filters, ...(unwrap?.filters ?? [])].flatMap(leaves);
  return (
    stages.some(({ kind }) => kind === 'line-filter') || conditions.some(({ name }) => !name.startsWith('__error'))
  );
}

function isConditionalOperation(operation: BinaryOperation, conditions: Conditions): boolean {
  const { operator, bool, left, right } = operation;
  const sides = [isConditional(left, conditions), isConditional(right, conditions)];
  if (COMPARISONS.has(operator)) return !bool || sides.some(Boolean);
  if (operator === 'unless') return true;
  return operator === 'or' ? sides.every(Boolean) : sides.some(Boolean);
}

/** `count == 0`, `count < 5`, `5 > count` */
function isUpperBound({ operator, bool, left, right }: BinaryOperation): boolean {
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
