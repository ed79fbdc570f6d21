import { excerpt } from '../text/excerpt';
import { parseFloat64, parseInteger } from '../text/go';
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
 * Queries that match Loki's grammar but that it refuses: the constructors and `validate…` functions of
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
    tokens.report('logql-parameter', expr, `missing quantile in ${operation}`, `use ${operation}(0.99, …)`);
  }
  if (operation !== 'quantile_over_time' && parameter !== undefined) {
    tokens.report(
      'logql-parameter',
      expr,
      `parameter ${excerpt(parameter)} is not supported by ${operation}`,
      'remove it',
    );
  }
  if (operation === 'quantile_over_time' && parameter !== undefined && parseFloat64(parameter) === undefined) {
    tokens.report('logql-parameter', expr, `invalid quantile ${excerpt(parameter)}`, 'use a decimal number, e.g. 0.99');
  }
  if (grouping && !GROUPING_ALLOWED.has(operation)) {
    tokens.report(
      'logql-grouping',
      grouping,
      `grouping is not supported by ${operation}`,
      `group outside, e.g. sum by (${grouping.labels.join(', ')}) (${operation}(…))`,
    );
  }
  if (range.unwrap && !UNWRAP_ALLOWED.has(operation)) {
    tokens.report(
      'logql-unwrap',
      range.unwrap,
      `unwrap is not supported by ${operation}, which works on lines`,
      `remove \`| unwrap\`, or use sum_over_time or avg_over_time`,
    );
  }
  if (!range.unwrap && !UNWRAP_OPTIONAL.has(operation)) {
    tokens.report(
      'logql-unwrap',
      expr,
      `missing unwrap: ${operation} works on the number in a label`,
      'add `| unwrap <label>` before the range',
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
        expr,
        `missing or invalid number of series in ${operation}`,
        `use a whole number above 0, e.g. ${operation}(5, …)`,
      );
    }
  } else if (parameter !== undefined) {
    tokens.report(
      'logql-parameter',
      expr,
      `parameter ${excerpt(parameter)} is not supported by ${operation}`,
      'remove it',
    );
  }
  if (grouping && operation === 'approx_topk') {
    tokens.report(
      'logql-grouping',
      grouping,
      'grouping is not supported by approx_topk',
      'group inside it, e.g. approx_topk(5, sum by (app) (…))',
    );
  }
  if (grouping && grouping.labels.length > 0 && (operation === 'sort' || operation === 'sort_desc')) {
    tokens.report('logql-grouping', grouping, `grouping is not supported by ${operation}`, 'remove it');
  }
}

export function checkLabelReplace(tokens: TokenStream, { regex }: LabelReplace): void {
  const result = compileRegexp({ ...regex, value: `^(?:${regex.value})$` }, 'go');
  if ('error' in result) {
    tokens.report('logql-label-replace', regex, `invalid regular expression in label_replace: ${result.error}`);
  }
}

const SET_OPERATORS: ReadonlySet<BinaryOperator> = new Set(['or', 'and', 'unless']);

/** Reports invalid operands, and evaluates operations between numbers, as Loki does. */
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
        operand,
        `expected a number or series on the ${side} side of ${operator}, got a log query`,
        'count its lines, e.g. count_over_time(… [5m])',
      );
    }
    if (operand.kind === 'number' && SET_OPERATORS.has(operator)) {
      tokens.report(
        'logql-binary-operation',
        operand,
        `expected series on the ${side} side of ${operator}, got a number`,
        `use vector(${operand.value})`,
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
