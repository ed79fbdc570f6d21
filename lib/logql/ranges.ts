import { checkRangeAggregation } from './checks';
import { parseLabelFilters } from './label-filters';
import { parseLabelList, parseSelector, parseStages } from './pipeline';
import type { Grouping, LabelFilterExpr, LogRange, PipelineStage, RangeAggregation, Unwrap } from './syntax';
import type { TokenStream } from './token-stream';

const NANOSECONDS_PER_MILLISECOND = 1e6;
const CONVERSIONS: ReadonlySet<string> = new Set(['bytes', 'duration', 'duration_seconds']);

/** Parses `by (a, b)`, if it comes next. */
export function parseGrouping(tokens: TokenStream): Grouping | undefined {
  const symbol = tokens.symbol();
  if (symbol !== 'by' && symbol !== 'without') {
    return undefined;
  }
  const { from } = tokens.take();
  const labels = parseLabelList(tokens);
  return { without: symbol === 'without', labels, from, to: tokens.end };
}

/** Parses `rate({…}[5m])`. */
export function parseRangeAggregation(tokens: TokenStream, operation: string): RangeAggregation {
  const { from } = tokens.take();
  tokens.expect('(');
  const parameter = parseParameter(tokens);
  const range = parseLogRange(tokens);
  tokens.expect(')');
  const grouping = parseGrouping(tokens);
  const expr: RangeAggregation = { kind: 'range', operation, parameter, range, grouping, from, to: tokens.end };
  checkRangeAggregation(tokens, expr);
  return expr;
}

/** Parses `0.99,`, if it comes next. */
function parseParameter(tokens: TokenStream): string | undefined {
  const token = tokens.peek();
  if (token.type !== 'number') {
    return undefined;
  }
  tokens.take();
  tokens.expect(',');
  return token.text;
}

/**
 * Parses `{…} | json [5m] offset 1m` in all orders that Loki's grammar allows: the range may be before or after the
 * pipeline, and there may be parentheses.
 */
export function parseLogRange(tokens: TokenStream): LogRange {
  const { from } = tokens.peek();
  let open = 0;
  while (tokens.accept('(')) {
    open++;
  }
  const selector = parseSelector(tokens);
  let stages: readonly PipelineStage[] = parseStages(tokens);
  let unwrap = parseUnwrap(tokens);
  const bare = stages.length === 0 && !unwrap;
  // `({…} | json)[5m]`: the range is outside the parentheses.
  const outside = open > 0 && tokens.accept(')');
  if (outside) {
    open--;
  }
  const milliseconds = parseRange(tokens);
  const offsetMilliseconds = parseOffset(tokens);
  if (bare) {
    stages = outside ? stages : parseStages(tokens);
    unwrap = parseUnwrap(tokens);
  }
  for (; open > 0; open--) {
    tokens.expect(')');
  }
  return { selector, stages, unwrap, milliseconds, offsetMilliseconds, from, to: tokens.end };
}

function parseRange(tokens: TokenStream): number {
  const token = tokens.peek();
  if (token.type !== 'range') {
    tokens.unexpected('a range such as [5m]');
  }
  tokens.take();
  return Number(token.nanoseconds) / NANOSECONDS_PER_MILLISECOND;
}

function parseOffset(tokens: TokenStream): number {
  if (!tokens.accept('offset')) {
    return 0;
  }
  const token = tokens.peek();
  if (token.type !== 'duration') {
    tokens.unexpected('a duration such as 1m after offset');
  }
  tokens.take();
  return Number(token.nanoseconds) / NANOSECONDS_PER_MILLISECOND;
}

function parseUnwrap(tokens: TokenStream): Unwrap | undefined {
  if (tokens.symbol() !== '|' || tokens.symbol(1) !== 'unwrap') {
    return undefined;
  }
  const { from } = tokens.take();
  tokens.take();
  const symbol = tokens.symbol() ?? '';
  const conversion = CONVERSIONS.has(symbol) ? (symbol as Unwrap['conversion']) : undefined;
  if (conversion) {
    tokens.take();
    tokens.expect('(');
  }
  const label = tokens.identifier('the label to unwrap').text;
  if (conversion) {
    tokens.expect(')');
  }
  const filters: LabelFilterExpr[] = [];
  while (tokens.accept('|')) {
    filters.push(parseLabelFilters(tokens));
  }
  return { label, conversion, filters, from, to: tokens.end };
}
