import type { BinaryOperation, Expr, LogRange, RangeAggregation } from '../../logql/syntax';

/** Lines of one kind, at two rates. */
export interface Flow {
  /** Lines per second up to `turn`, and after it. */
  readonly past: number;
  readonly now: number;
}

/** A kind of lines: those that the same sources accept. */
export interface LineKind {
  /** Bytes of a line. */
  readonly bytes: number;
  /** Number that `unwrap` reads, by the index of the source; undefined if the source does not accept the line. */
  readonly values: ReadonlyMap<number, number>;
}

/** Lines over time. */
export interface Scenario {
  readonly kinds: readonly LineKind[];
  readonly flows: readonly Flow[];
  /** Seconds at which the rates change. */
  readonly turn: number;
  /** Returns the index of the source that a range reads. */
  readonly sourceOf: (range: LogRange) => number;
}

/**
 * Predicts the value of an expression, if it has a single series: undefined if it has none. Chooses among scenarios;
 * Loki has the last word.
 */
export function predict(expr: Expr, scenario: Scenario, at: number): number | undefined {
  switch (expr.kind) {
    case 'number':
    case 'vector':
      return expr.value;
    case 'range':
      return ofRange(expr, scenario, at);
    case 'aggregation': {
      const inner = predict(expr.operand, scenario, at);
      if (inner === undefined) return undefined;
      if (expr.operation === 'count') return 1;
      return expr.operation === 'stddev' || expr.operation === 'stdvar' ? 0 : inner;
    }
    case 'label-replace':
      return predict(expr.operand, scenario, at);
    case 'binary':
      return ofBinary(expr, scenario, at);
    default:
      return undefined;
  }
}

/** Lines of a range by their value. */
function linesIn(range: LogRange, scenario: Scenario, at: number): { value: number; count: number; bytes: number }[] {
  const end = at - range.offsetMilliseconds / 1000;
  const start = end - range.milliseconds / 1000;
  const source = scenario.sourceOf(range);
  return scenario.kinds.flatMap(({ values, bytes }, i) => {
    const value = values.get(source);
    const { past, now } = scenario.flows[i] ?? { past: 0, now: 0 };
    const overlap = (from: number, to: number) => Math.max(0, Math.min(end, to) - Math.max(start, from));
    const count = past * overlap(0, scenario.turn) + now * overlap(scenario.turn, Number.POSITIVE_INFINITY);
    // Half a line: a line may come just after the evaluation.
    return value === undefined || count < 0.5 ? [] : [{ value, count, bytes }];
  });
}

function ofRange({ operation, parameter, range }: RangeAggregation, scenario: Scenario, at: number) {
  const lines = linesIn(range, scenario, at);
  if (operation === 'absent_over_time') return lines.length === 0 ? 1 : undefined;
  if (lines.length === 0) return undefined;
  const seconds = range.milliseconds / 1000;
  const sum = (of: (line: (typeof lines)[number]) => number) => lines.reduce((total, each) => total + of(each), 0);
  const values = lines.map(({ value }) => value).sort((a, b) => a - b);
  const count = sum((line) => line.count);
  const total = sum((line) => line.count * line.value);
  const mean = total / count;
  const variance = sum((line) => line.count * (line.value - mean) ** 2) / count;
  switch (operation) {
    case 'count_over_time':
      return count;
    case 'rate':
      return (range.unwrap ? total : count) / seconds;
    case 'bytes_over_time':
      return sum((line) => line.count * line.bytes);
    case 'bytes_rate':
      return sum((line) => line.count * line.bytes) / seconds;
    case 'sum_over_time':
      return total;
    case 'max_over_time':
      return values.at(-1);
    case 'min_over_time':
      return values[0];
    case 'quantile_over_time':
      return values[Math.round(Number(parameter) * (values.length - 1))];
    case 'stddev_over_time':
      return Math.sqrt(variance);
    case 'stdvar_over_time':
      return variance;
    case 'rate_counter':
      return 0;
    default:
      return mean;
  }
}

function ofBinary({ operator, bool, left, right }: BinaryOperation, scenario: Scenario, at: number) {
  const a = predict(left, scenario, at);
  const b = predict(right, scenario, at);
  switch (operator) {
    case 'or':
      return a ?? b;
    case 'unless':
      return b === undefined ? a : undefined;
    case 'and':
      return b === undefined ? undefined : a;
  }
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '^':
      return a ** b;
  }
  const holds = {
    '==': a === b,
    '!=': a !== b,
    '>': a > b,
    '>=': a >= b,
    '<': a < b,
    '<=': a <= b,
  }[operator];
  if (bool) return Number(holds);
  return holds ? (left.kind === 'number' ? b : a) : undefined;
}
