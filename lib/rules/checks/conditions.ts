import { type BinaryOperation, type BinaryOperator, type Expr, type LogRange, walk } from '../../logql';
import { durationMs } from '../../text/duration';
import { isAlert } from '../model';
import { leaves } from './queries';
import type { RuleCheck } from './rule-check';

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '>', '>=', '<', '<=']);

/** How the comparison reads with its sides exchanged. */
const MIRRORED: Readonly<Partial<Record<BinaryOperator, BinaryOperator>>> = {
  '>': '<',
  '>=': '<=',
  '<': '>',
  '<=': '>=',
};

/** Range aggregations that count lines or bytes: where there is no line there is no series, and no zero. */
const COUNTS: ReadonlySet<string> = new Set(['count_over_time', 'rate', 'bytes_over_time', 'bytes_rate']);

/** What decides whether an alert fires. */
export const conditionChecks: readonly RuleCheck[] = [
  {
    id: 'no-comparison',
    *rule({ rule, query }) {
      if (!isAlert(rule) || !query || query.kind === 'log') return;
      const bool = [...walk(query)].some((at) => at.kind === 'binary' && at.bool);
      // What 'bool' makes of a filtered count is a series all the same.
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
              problem: 'nothing is compared, so the alert fires as long as there are logs',
              fix: "add a threshold, e.g. '> 0'",
            }),
      };
    },
  },
  {
    id: 'count-never-zero',
    *rule({ rule, query }) {
      if (!isAlert(rule) || !query) return;
      for (const at of comparisonsByThemselves(query)) {
        if (!asksForFew(at)) continue;
        yield {
          field: ['expr'],
          offset: at.from,
          problem: 'without log lines there is no series, so this is never true when nothing is logged',
          fix: 'use absent_over_time({…} [5m]), or, for each stream, count_over_time({…} [1d]) unless count_over_time({…} [5m])',
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
          fix: 'use a shorter "for", or a longer range, or remove "for"',
        };
        return;
      }
    },
  },
];

/** The ranges of an expression that is true as soon as one line passes the filters: `count_over_time({…} |= "x" [5m]) > 0`. */
function eventRanges(expr: Expr): LogRange[] {
  if (expr.kind === 'range') return COUNTS.has(expr.operation) && isFiltered(expr.range) ? [expr.range] : [];
  if (expr.kind === 'aggregation') return KEEPS_EVENTS.has(expr.operation) ? eventRanges(expr.operand) : [];
  if (expr.kind === 'label-replace') return eventRanges(expr.operand);
  if (expr.kind !== 'binary' || expr.bool) return [];
  const { operator, left, right } = expr;
  if (right.kind === 'number') return isAny(operator, right.value) ? eventRanges(left) : [];
  if (left.kind === 'number') return isAny(MIRRORED[operator] ?? operator, left.value) ? eventRanges(right) : [];
  return [];
}

/** Aggregations that are positive if one of their series is. */
const KEEPS_EVENTS: ReadonlySet<string> = new Set(['sum', 'max', 'min', 'avg', 'count']);

/** Whether one line is enough. Of a count: a rate of one line is less than 1. */
function isAny(operator: BinaryOperator, value: number): boolean {
  return (operator === '>' && value === 0) || (operator === '>=' && value === 1) || (operator === '!=' && value === 0);
}

/** The comparisons that decide alone: not those beside `absent_over_time`, and not the upper end of a span. */
function comparisonsByThemselves(expr: Expr): BinaryOperation[] {
  const open = [expr];
  const found: BinaryOperation[] = [];
  for (let at = open.pop(); at; at = open.pop()) {
    if (at.kind === 'aggregation' || at.kind === 'label-replace') open.push(at.operand);
    if (at.kind !== 'binary') continue;
    if (COMPARISONS.has(at.operator)) found.push(at);
    const { operator, left, right } = at;
    const other = (side: Expr) => (side === left ? right : left);
    open.push(
      ...[right, left].filter(
        (side) =>
          !(operator === 'or' && coversSilence(other(side))) && !(operator === 'and' && isLowerEnd(other(side))),
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

function isLowerEnd(expr: Expr): boolean {
  return expr.kind === 'binary' && COMPARISONS.has(expr.operator) && !asksForFew(expr);
}

/** What counts as a condition. */
interface Conditions {
  /** Filters of lines: where no line passes there is no series. */
  readonly filters: boolean;
}

/** Whether something in the expression can keep the alert from firing. */
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

/** Whether some lines of the streams may not be counted. What drops lines that can't be parsed selects nothing. */
function isFiltered({ stages, unwrap }: LogRange): boolean {
  const filters = stages.flatMap((stage) => (stage.kind === 'label-filter' ? [stage.filter] : []));
  const asks = [...filters, ...(unwrap?.filters ?? [])].flatMap(leaves);
  return stages.some(({ kind }) => kind === 'line-filter') || asks.some(({ name }) => !name.startsWith('__error'));
}

function isConditionalOperation(operation: BinaryOperation, conditions: Conditions): boolean {
  const { operator, bool, left, right } = operation;
  const sides = [isConditional(left, conditions), isConditional(right, conditions)];
  if (COMPARISONS.has(operator)) return !bool || sides.some(Boolean);
  if (operator === 'unless') return true;
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
