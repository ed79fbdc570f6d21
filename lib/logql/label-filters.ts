import { parseFloat64 } from '../text/go';
import { compileMatcher } from './regexp';
import type { ComparisonOperator, LabelFilterExpr, LabelMatcher, MatcherOperator, Span } from './syntax';
import type { TokenStream } from './token-stream';

const MATCHER_OPERATORS: ReadonlySet<string> = new Set(['=', '!=', '=~', '!~']);
const COMPARISONS: ReadonlySet<string> = new Set(['=', '==', '!=', '>', '>=', '<', '<=']);

const NANOSECONDS_PER_SECOND = 1e9;

/** True if the next token is the operator of a matcher. */
export function startsMatcher(tokens: TokenStream): boolean {
  return MATCHER_OPERATORS.has(tokens.symbol() ?? '');
}

/** Returns the fix of a pattern of file names, such as `*-api`. */
function regexpFix(operator: string, pattern: string): string | undefined {
  if (pattern === '*') return `use ${operator}".+" for all values`;
  return /^\*[\w-]+\*?$/.test(pattern) ? `use ${operator}"${pattern.replaceAll('*', '.*')}"` : undefined;
}

/** Parses `name="value"` after the name. Reports a regular expression that Go refuses. */
export function parseMatcher(tokens: TokenStream, name: Span & { readonly text: string }): LabelMatcher {
  const operator = tokens.symbol();
  if (operator === undefined || !MATCHER_OPERATORS.has(operator)) {
    tokens.unexpected('one of = != =~ !~');
  }
  tokens.take();
  const value = tokens.string();
  if (operator === '=~' || operator === '!~') {
    const result = compileMatcher(value);
    if ('error' in result) {
      const problem = `invalid regular expression of label "${name.text}": ${result.error}`;
      tokens.report('logql-regex', value, problem, regexpFix(operator, value.value));
    }
  }
  return {
    kind: 'matcher',
    name: name.text,
    operator: operator as MatcherOperator,
    value,
    from: name.from,
    to: tokens.end,
  };
}

/** Parses one filter, without `and`, `or` and parentheses. */
function parseFilter(tokens: TokenStream): LabelFilterExpr {
  const name = tokens.identifier('a label name or a parser, such as `| level="error"` or `| json`');
  const operator = tokens.symbol() ?? '';
  const value = tokens.peek(1);
  if (MATCHER_OPERATORS.has(operator) && (value.type === 'string' || !COMPARISONS.has(operator))) {
    return parseMatcher(tokens, name);
  }
  if (!COMPARISONS.has(operator)) {
    tokens.unexpected('a comparison after the label name, such as `= "error"` or `> 5`');
  }
  tokens.take();
  const comparison = parseComparedValue(tokens, operator);
  return {
    kind: 'label-comparison',
    name: name.text,
    operator: (operator === '=' ? '==' : operator) as ComparisonOperator,
    ...comparison,
    from: name.from,
    to: tokens.end,
  };
}

function parseComparedValue(
  tokens: TokenStream,
  operator: string,
): { type: 'number' | 'duration' | 'bytes' | 'ip'; value: number | string } {
  const token = tokens.peek();
  if (token.type === 'duration') {
    tokens.take();
    return { type: 'duration', value: Number(token.nanoseconds) / NANOSECONDS_PER_SECOND };
  }
  if (token.type === 'bytes') {
    tokens.take();
    return { type: 'bytes', value: token.bytes };
  }
  if ((operator === '=' || operator === '!=') && tokens.accept('ip')) {
    tokens.expect('(');
    const pattern = tokens.string().value;
    tokens.expect(')');
    return { type: 'ip', value: pattern };
  }
  const sign = tokens.accept('-') ? -1 : 1;
  if (sign > 0) {
    tokens.accept('+');
  }
  const number = tokens.peek();
  if (number.type !== 'number') {
    tokens.unexpected('a number, a duration (10s), a size (5KB), or a quoted string after = and !=');
  }
  tokens.take();
  // Loki accepts invalid numbers here, such as 0b11, and reads them as 0.
  return { type: 'number', value: sign * (parseFloat64(number.text) ?? 0) };
}

/** Operator precedence. `,` and a space take the precedence of what follows them, as in Loki's grammar. */
const PRECEDENCE: Readonly<Record<string, number>> = { or: 1, and: 2 };

/** Joins filters with `and`, `or`, `,` or a space. Uses stacks, since parentheses may nest without limit. */
class FilterJoiner {
  private readonly operands: LabelFilterExpr[] = [];
  /** Operators, and `(` with its offset. */
  private readonly operators: { readonly symbol: string; readonly from: number }[] = [];
  depth = 0;

  open(from: number): void {
    this.operators.push({ symbol: '(', from });
    this.depth++;
  }

  add(filter: LabelFilterExpr): void {
    this.operands.push(filter);
  }

  join(symbol: string): void {
    for (let top = this.operators.at(-1); top && this.bindsFirst(top.symbol, symbol); top = this.operators.at(-1)) {
      this.reduce();
    }
    this.operators.push({ symbol, from: 0 });
  }

  close(to: number): void {
    while (this.operators.at(-1)?.symbol !== '(') {
      this.reduce();
    }
    const from = this.operators.pop()?.from ?? 0;
    this.operands.push({ ...(this.operands.pop() as LabelFilterExpr), from, to });
    this.depth--;
  }

  result(): LabelFilterExpr {
    while (this.operators.length > 0) {
      this.reduce();
    }
    return this.operands[0] as LabelFilterExpr;
  }

  private bindsFirst(left: string, right: string): boolean {
    const [first, second] = [PRECEDENCE[left], PRECEDENCE[right]];
    return first !== undefined && second !== undefined && first >= second;
  }

  private reduce(): void {
    const symbol = this.operators.pop()?.symbol;
    const right = this.operands.pop() as LabelFilterExpr;
    const left = this.operands.pop() as LabelFilterExpr;
    this.operands.push({
      kind: symbol === 'or' ? 'label-or' : 'label-and',
      left,
      right,
      from: left.from,
      to: right.to,
    });
  }
}

/** Parses `level="error" and (status >= 500 or took > 10s)`. */
export function parseLabelFilters(tokens: TokenStream): LabelFilterExpr {
  const joiner = new FilterJoiner();
  for (;;) {
    while (tokens.symbol() === '(') {
      joiner.open(tokens.take().from);
    }
    joiner.add(parseFilter(tokens));
    while (joiner.depth > 0 && tokens.accept(')')) {
      joiner.close(tokens.end);
    }
    const symbol = tokens.symbol();
    if (symbol === 'and' || symbol === 'or' || symbol === ',') {
      tokens.take();
      joiner.join(symbol);
    } else if (symbol === '(' || tokens.peek().type === 'identifier') {
      joiner.join(' ');
    } else if (joiner.depth > 0) {
      tokens.unexpected('`)`, `and` or `or`');
    } else {
      return joiner.result();
    }
  }
}
