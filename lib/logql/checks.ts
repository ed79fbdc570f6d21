import { excerpt } from '../excerpt';
import { parseFloat64, parseInteger } from '../go-text';
import { compileRegexp } from './regexp';
import type {
  BinaryOperation,
  BinaryOperator,
  Expr,
  LabelReplace,
  RangeAggregation,
  VectorAggregation,
} from './syntax';
import type { TokenStream } from './token-stream';

/*
 * What Loki refuses once the grammar is satisfied: the constructors and `validate…` functions of
 * https://github.com/grafana/loki/blob/v3.7.8/pkg/logql/syntax/ast.go
 */

const GROUPING_ALLOWED: ReadonlySet<string> = new Set([
  'avg_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'quantile_over_time',
  'max_over_time',
  'min_over_time',
  'first_over_time',
  'last_over_time',
]);

const UNWRAP_ALLOWED: ReadonlySet<string> = new Set([
  ...GROUPING_ALLOWED,
  'sum_over_time',
  'rate',
  'rate_counter',
  'absent_over_time',
]);

const UNWRAP_OPTIONAL: ReadonlySet<string> = new Set([
  'bytes_over_time',
  'bytes_rate',
  'count_over_time',
  'rate',
  'absent_over_time',
]);

export function checkRangeAggregation(tokens: TokenStream, expr: RangeAggregation): void {
  const { operation, parameter, grouping, range } = expr;
  if (operation === 'quantile_over_time' && parameter === undefined) {
    tokens.report('logql-parameter', `${operation} needs the quantile first: ${operation}(0.99, …)`, expr);
  }
  if (operation !== 'quantile_over_time' && parameter !== undefined) {
    tokens.report('logql-parameter', `parameter ${excerpt(parameter)} not supported for ${operation}: remove it`, expr);
  }
  if (operation === 'quantile_over_time' && parameter !== undefined && parseFloat64(parameter) === undefined) {
    tokens.report('logql-parameter', `${excerpt(parameter)} is no quantile: write a decimal number such as 0.99`, expr);
  }
  if (grouping && !GROUPING_ALLOWED.has(operation)) {
    tokens.report(
      'logql-grouping',
      `grouping not allowed for ${operation}: group outside, such as sum by (${grouping.labels.join(', ')}) (${operation}(…))`,
      grouping,
    );
  }
  if (range.unwrap && !UNWRAP_ALLOWED.has(operation)) {
    tokens.report(
      'logql-unwrap',
      `${operation} counts lines and takes no unwrap: remove \`| unwrap\`, or use sum_over_time or avg_over_time`,
      range.unwrap,
    );
  }
  if (!range.unwrap && !UNWRAP_OPTIONAL.has(operation)) {
    tokens.report(
      'logql-unwrap',
      `${operation} works on the number in a label: say which by \`| unwrap <label>\` before the range`,
      expr,
    );
  }
}

const COUNTED: ReadonlySet<string> = new Set(['topk', 'bottomk', 'approx_topk']);

export function checkVectorAggregation(tokens: TokenStream, expr: VectorAggregation): void {
  const { operation, parameter, grouping } = expr;
  if (COUNTED.has(operation)) {
    const count = parameter === undefined ? undefined : parseInteger(parameter);
    if (count === undefined || count <= 0) {
      tokens.report(
        'logql-parameter',
        `${operation} needs first how many series to keep, a whole number greater than 0: ${operation}(5, …)`,
        expr,
      );
    }
  } else if (parameter !== undefined) {
    tokens.report('logql-parameter', `unsupported parameter ${excerpt(parameter)} for ${operation}: remove it`, expr);
  }
  if (grouping && operation === 'approx_topk') {
    tokens.report(
      'logql-grouping',
      'grouping not allowed for approx_topk: group inside it, such as approx_topk(5, sum by (app) (…))',
      grouping,
    );
  }
  if (grouping && grouping.labels.length > 0 && (operation === 'sort' || operation === 'sort_desc')) {
    tokens.report('logql-grouping', `${operation} orders by value and takes no grouping: remove it`, grouping);
  }
}

export function checkLabelReplace(tokens: TokenStream, { regex }: LabelReplace): void {
  const result = compileRegexp({ ...regex, value: `^(?:${regex.value})$` }, 'go');
  if ('error' in result) {
    tokens.report('logql-label-replace', `invalid regex in label_replace: ${result.error}`, regex);
  }
}

const SET_OPERATORS: ReadonlySet<BinaryOperator> = new Set(['or', 'and', 'unless']);

/** Reports operands that do not fit; works out operations between numbers, as Loki does. */
export function checkBinaryOperation(tokens: TokenStream, expr: BinaryOperation): Expr {
  const { operator, left, right } = expr;
  const sides = [
    ['left', left],
    ['right', right],
  ] as const;
  for (const [side, operand] of sides) {
    if (operand.kind === 'log') {
      tokens.report(
        'logql-binary-operation',
        `the ${side} side of ${operator} is a log query: make it a number first, such as count_over_time(… [5m])`,
        operand,
      );
    }
    if (operand.kind === 'number' && SET_OPERATORS.has(operator)) {
      tokens.report(
        'logql-binary-operation',
        `the ${side} side of ${operator} is a number, and ${operator} joins series: write vector(${operand.value})`,
        operand,
      );
    }
  }
  if (left.kind === 'number' && right.kind === 'number' && !SET_OPERATORS.has(operator)) {
    return { kind: 'number', value: calculate(operator, left.value, right.value), from: expr.from, to: expr.to };
  }
  return expr;
}

function calculate(operator: BinaryOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? Number.NaN : left / right;
    case '%':
      return left % right;
    case '^':
      return left ** right;
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '>':
      return Number(left > right);
    case '>=':
      return Number(left >= right);
    case '<':
      return Number(left < right);
    case '<=':
      return Number(left <= right);
    default:
      return Number.NaN;
  }
}
