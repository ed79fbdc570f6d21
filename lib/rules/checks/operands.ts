import { type BinaryOperation, type BinaryOperator, type Expr, outputLabels, type RangeAggregation } from '../../logql';
import { isAlert } from '../model';
import { isFiltered } from './conditions';
import { ARITHMETIC, COMPARISONS, COUNTS, isTrueForEvents, rangesOf } from './queries';
import type { RuleCheck } from './rule-check';

/** Checks on the operands of a condition. */
export const operandChecks: readonly RuleCheck[] = [
  {
    id: 'or-precedence',
    *rule({ query }) {
      for (const { operation, constant } of query ? looseAlternatives(query) : []) {
        yield {
          field: ['expr'],
          offset: operation.right.from,
          problem: `"${constant.operator}" binds before "or", so it applies to ${textOf(constant)} only, not to the series on the left of "or"`,
          fix: `use parentheses: (… or ${textOf(constant)}) ${constant.operator} …`,
        };
      }
    },
  },
  {
    id: 'operand-missing',
    *rule({ rule, query }) {
      for (const operand of query && isAlert(rule) ? silencingOperands(query) : []) {
        const grouped = outputLabels(operand).labels.size > 0 || !outputLabels(operand).exact;
        yield {
          field: ['expr'],
          offset: operand.from,
          problem:
            'if no line matches, this operand has no series, so the whole condition has no result, although the alert should fire most of all',
          fix: grouped
            ? 'add a zero from the other side: (… or sum by (…) (…) * 0), with the same labels'
            : 'add a zero: (… or vector(0))',
        };
      }
    },
  },
];

interface LooseAlternative {
  readonly operation: BinaryOperation;
  /** Operation whose left operand is `vector(…)`. */
  readonly constant: BinaryOperation;
}

/** `sum(…) or vector(0) > 5` without parentheses. */
function looseAlternatives(expr: Expr): LooseAlternative[] {
  switch (expr.kind) {
    case 'aggregation':
    case 'label-replace':
      return looseAlternatives(expr.operand);
    case 'binary': {
      const constant = expr.operator === 'or' ? leadingConstant(expr.right) : undefined;
      const found = constant && !isHarmless(expr, constant) ? [{ operation: expr, constant }] : [];
      return [...found, ...looseAlternatives(expr.left), ...looseAlternatives(expr.right)];
    }
    default:
      return [];
  }
}

/** First operation of `vector(0) > 5`; undefined if it is in parentheses of its own. */
function leadingConstant(right: Expr): BinaryOperation | undefined {
  let at = right;
  while (at.kind === 'binary' && at.from === at.left.from) {
    if (at.left.kind === 'vector') return COMPARISONS.has(at.operator) || ARITHMETIC.has(at.operator) ? at : undefined;
    at = at.left;
  }
  return undefined;
}

/** True for a threshold that any count exceeds: `count_over_time(…) or vector(0) > 0`. */
function isHarmless({ left, right }: BinaryOperation, constant: BinaryOperation): boolean {
  return (
    constant === right &&
    COMPARISONS.has(constant.operator) &&
    constant.right.kind === 'number' &&
    isTrueForEvents(left, constant.operator, constant.right.value)
  );
}

function textOf({ left }: BinaryOperation): string {
  return left.kind === 'vector' ? `vector(${left.value})` : 'it';
}

/** Direction in which an operand changes the condition: `true` if a greater value makes it true. */
type Rising = boolean;

const GREATER: ReadonlySet<BinaryOperator> = new Set(['>', '>=']);
const LESS: ReadonlySet<BinaryOperator> = new Set(['<', '<=']);

/** Counts that would make the condition true if they were 0, and make it empty instead. */
function silencingOperands(expr: Expr): Expr[] {
  if (expr.kind === 'aggregation' || expr.kind === 'label-replace') return silencingOperands(expr.operand);
  if (expr.kind !== 'binary' || expr.bool) return [];
  const { operator, left, right } = expr;
  if (operator === 'and') return [...silencingOperands(left), ...silencingOperands(right)];
  if (operator === 'unless') return silencingOperands(left);
  const joined = left.kind !== 'number' && right.kind !== 'number';
  if (operator === '!=' && joined) return uncovered(expr, [left, right].flatMap(filteredCounts));
  if (!GREATER.has(operator) && !LESS.has(operator)) return [];
  const [value, limit] = GREATER.has(operator) ? [left, right] : [right, left];
  return uncovered(expr, [
    // Of what a greater value is compared with: if nothing at all was logged then, there may have been no such program.
    ...falling(limit, false, joined).filter(({ range }) => LESS.has(operator) || isFiltered(range.range)),
    ...falling(value, true, joined),
  ]);
}

/** Filtered counts on one side of `!=`, which differs from the other side most of all if it is 0. */
function filteredCounts(side: Expr): Count[] {
  return falling(side, false, true).filter(({ range }) => isFiltered(range.range));
}

/** Operands that can be empty while others are not. */
function uncovered(expr: Expr, operands: readonly Count[]): Expr[] {
  const others = rangesOf(expr);
  return operands
    .filter(({ range }) => !others.some((other) => other !== range.range && covers(range.range, other)))
    .map(({ operand }) => operand);
}

interface Count {
  readonly operand: Expr;
  readonly range: RangeAggregation;
}

/** Counts in an expression whose 0 makes the condition true. */
function falling(expr: Expr, rising: Rising, joined: boolean): Count[] {
  switch (expr.kind) {
    case 'range':
      return !rising && joined && COUNTS.has(expr.operation) && !expr.range.unwrap
        ? [{ operand: expr, range: expr }]
        : [];
    case 'aggregation':
      return /^(sum|max|min|avg)$/.test(expr.operation)
        ? falling(expr.operand, rising, joined).map(({ range }) => ({ operand: expr, range }))
        : [];
    case 'label-replace':
      return falling(expr.operand, rising, joined);
    case 'binary':
      return fallingIn(expr, rising, joined);
    default:
      return [];
  }
}

function fallingIn({ operator, left, right }: BinaryOperation, rising: Rising, joined: boolean): Count[] {
  const both = joined || (left.kind !== 'number' && right.kind !== 'number');
  switch (operator) {
    case '+':
    case '*':
      return [...falling(left, rising, both), ...falling(right, rising, both)];
    case '-':
      return [...falling(left, rising, both), ...falling(right, !rising, both)];
    case '/':
      // A divisor of 0 has no meaning.
      return falling(left, rising, both);
    default:
      return [];
  }
}

/** True if the first range contains all lines of the second, so that it is not empty if the other is not. */
function covers(first: RangeAggregation['range'], second: RangeAggregation['range']): boolean {
  const selector = ({ selector: { matchers } }: typeof first) =>
    matchers
      .map(({ name, operator, value }) => `${name}${operator}${value.value}`)
      .sort()
      .join();
  return (
    selector(first) === selector(second) &&
    first.stages.length === 0 &&
    first.offsetMilliseconds <= second.offsetMilliseconds &&
    first.offsetMilliseconds + first.milliseconds >= second.offsetMilliseconds + second.milliseconds
  );
}
