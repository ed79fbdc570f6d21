import { excerpt } from '../text/excerpt';
import { parseFloat64 } from '../text/go';
import { checkBinaryOperation, checkLabelReplace, checkVectorAggregation } from './checks';
import { RANGE_OPERATIONS, VECTOR_OPERATIONS } from './lexer';
import { parseLabelList, parseSelector, parseStages } from './pipeline';
import { parseGrouping, parseLogRange, parseRangeAggregation } from './ranges';
import { LogQLSyntaxError } from './scanner';
import type {
  BinaryOperation,
  BinaryOperator,
  Expr,
  Grouping,
  LabelReplace,
  NumberLiteral,
  StringLiteral,
  VectorMatching,
} from './syntax';
import type { TokenStream } from './token-stream';

/** Operator precedence. */
const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  [['or'], ['and', 'unless'], ['==', '!=', '<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%'], ['^']].flatMap(
    (operators, precedence) => operators.map((operator): [string, number] => [operator, precedence]),
  ),
);

interface PendingOperation extends Pick<BinaryOperation, 'bool' | 'matching' | 'left'> {
  readonly operator: BinaryOperator;
}

/** An open parenthesis, with the operations in it whose right operand is missing. */
interface Frame {
  readonly kind: 'query' | 'parentheses' | 'aggregation' | 'label-replace' | 'variants';
  readonly from: number;
  readonly operation?: string;
  readonly parameter?: string;
  readonly grouping?: Grouping;
  readonly pending: PendingOperation[];
  readonly variants: Expr[];
  /** Number of problems before it was opened. */
  readonly problems: number;
}

/**
 * Parses a query by Loki's grammar, with a stack instead of recursion, since queries may nest without limit.
 *
 * @see https://github.com/grafana/loki/blob/v3.7.8/pkg/logql/syntax/syntax.y
 */
export class ExpressionParser {
  private readonly frames: Frame[] = [];

  constructor(private readonly tokens: TokenStream) {}

  parse(): Expr {
    this.open({ kind: 'query', from: 0 });
    let expr = this.operand();
    for (;;) {
      const symbol = this.tokens.symbol() ?? '';
      const frame = this.frame();
      if (PRECEDENCE.has(symbol)) {
        this.beginOperation(symbol as BinaryOperator, expr);
        expr = this.operand();
      } else if (symbol === ',' && frame.kind === 'variants') {
        this.tokens.take();
        frame.variants.push(this.metric(this.finishOperations(expr)));
        expr = this.operand();
      } else if (symbol === ',' && frame.kind === 'label-replace') {
        expr = this.closeLabelReplace(this.metric(this.finishOperations(expr)));
      } else if (symbol === ')' && frame.kind !== 'query' && frame.kind !== 'label-replace') {
        this.tokens.take();
        expr = this.close(frame, this.finishOperations(expr));
      } else if (frame.kind === 'query' && this.tokens.peek().type === 'eof') {
        return this.finishOperations(expr);
      } else {
        this.unexpectedAfter(expr);
      }
    }
  }

  private unexpectedAfter(expr: Expr): never {
    const end = this.frame().kind === 'query' ? 'the end of the query' : '`)`';
    const { type } = this.tokens.peek();
    if (expr.kind === 'log' && (type === 'range' || this.tokens.symbol(1) === 'unwrap')) {
      this.tokens.unexpected(`${end}: ranges and unwrap are only supported in a function such as rate({…} [5m])`);
    }
    this.tokens.unexpected(expr.kind === 'log' ? `\`|\` before a stage, or ${end}` : `an operator or ${end}`);
  }

  private frame(): Frame {
    return this.frames.at(-1) as Frame;
  }

  private open(frame: Omit<Frame, 'pending' | 'variants' | 'problems'>): void {
    this.frames.push({ ...frame, pending: [], variants: [], problems: this.tokens.problems.length });
  }

  /** Parses the next operand. Opens a frame for each parenthesis before it. */
  private operand(): Expr {
    for (;;) {
      const token = this.tokens.peek();
      const symbol = this.tokens.symbol() ?? '';
      if (symbol === '(') {
        this.tokens.take();
        this.open({ kind: 'parentheses', from: token.from });
      } else if (VECTOR_OPERATIONS.has(symbol)) {
        this.openAggregation(symbol);
      } else if (symbol === 'label_replace') {
        this.tokens.take();
        this.tokens.expect('(');
        this.open({ kind: 'label-replace', from: token.from });
      } else if (symbol === 'variants') {
        this.tokens.take();
        this.tokens.expect('(');
        this.open({ kind: 'variants', from: token.from });
      } else {
        return this.simpleOperand(symbol);
      }
    }
  }

  private simpleOperand(symbol: string): Expr {
    const { from } = this.tokens.peek();
    if (symbol === '{') {
      const selector = parseSelector(this.tokens);
      const stages = parseStages(this.tokens);
      return { kind: 'log', selector, stages, from, to: this.tokens.end };
    }
    if (RANGE_OPERATIONS.has(symbol)) {
      return parseRangeAggregation(this.tokens, symbol);
    }
    if (symbol === 'vector') {
      this.tokens.take();
      this.tokens.expect('(');
      const { value } = this.number('a number');
      this.tokens.expect(')');
      return { kind: 'vector', value, from, to: this.tokens.end };
    }
    if (symbol === '+' || symbol === '-') {
      this.tokens.take();
      const { value, to } = this.number('a number');
      return { kind: 'number', value: symbol === '-' ? -value : value, from, to };
    }
    const hint =
      this.tokens.peek().type === 'identifier' ? ' (LogQL has no metrics, and not all functions of PromQL)' : '';
    return this.number(`a query: a stream selector {…}, a function such as rate(…), or a number${hint}`);
  }

  private number(expected: string): NumberLiteral {
    const token = this.tokens.peek();
    if (token.type !== 'number') {
      this.tokens.unexpected(expected);
    }
    this.tokens.take();
    const value = parseFloat64(token.text);
    if (value === undefined) {
      this.tokens.report('logql-number', token, `invalid number ${excerpt(token.text)}`, 'use a decimal number');
    }
    return { kind: 'number', value: value ?? Number.NaN, from: token.from, to: token.to };
  }

  private openAggregation(operation: string): void {
    const { from } = this.tokens.take();
    const grouping = parseGrouping(this.tokens);
    this.tokens.expect('(');
    const first = this.tokens.peek();
    const parameter = first.type === 'number' && this.tokens.symbol(1) === ',' ? first.text : undefined;
    if (parameter !== undefined) {
      this.tokens.take();
      this.tokens.take();
    }
    this.open({ kind: 'aggregation', from, operation, parameter, grouping });
  }

  private beginOperation(operator: BinaryOperator, right: Expr): void {
    const precedence = PRECEDENCE.get(operator) ?? 0;
    const left = this.reduce(right, (pending) => (pending === precedence ? operator !== '^' : pending > precedence));
    this.tokens.take();
    const bool = this.tokens.accept('bool');
    const matching = this.matching();
    this.frame().pending.push({ operator, bool, matching, left });
  }

  private matching(): VectorMatching | undefined {
    const on = this.tokens.accept('on');
    if (!on && !this.tokens.accept('ignoring')) {
      return undefined;
    }
    const labels = parseLabelList(this.tokens);
    const group = this.tokens.accept('group_left') ? 'left' : this.tokens.accept('group_right') ? 'right' : undefined;
    const include = group && this.tokens.symbol() === '(' ? parseLabelList(this.tokens) : [];
    return { on, labels, group, include };
  }

  private finishOperations(right: Expr): Expr {
    return this.reduce(right, () => true);
  }

  /** Completes pending operations with their right operand, as long as they bind first. */
  private reduce(last: Expr, bindsFirst: (precedence: number) => boolean): Expr {
    const { pending } = this.frame();
    let right = last;
    for (let top = pending.at(-1); top && bindsFirst(PRECEDENCE.get(top.operator) ?? 0); top = pending.at(-1)) {
      pending.pop();
      right = checkBinaryOperation(this.tokens, {
        kind: 'binary',
        ...top,
        right,
        from: top.left.from,
        to: right.to,
      });
    }
    return right;
  }

  /** @throws LogQLSyntaxError if an operand of an aggregation does not return series */
  private metric(expr: Expr): Expr {
    if (expr.kind === 'log' || expr.kind === 'variants') {
      throw new LogQLSyntaxError(
        expr.kind === 'log'
          ? 'expected series, got a log query'
          : 'variants(…) of (…) is not supported inside a function',
        expr,
        expr.kind === 'log' ? 'use count_over_time(… [5m]) or rate(… [5m])' : 'move it out',
      );
    }
    return expr;
  }

  /** Closes a frame, after its closing parenthesis. */
  private close(frame: Frame, inner: Expr): Expr {
    this.frames.pop();
    if (frame.kind === 'variants') {
      return this.closeVariants(frame, this.metric(inner));
    }
    if (frame.kind === 'parentheses') {
      const expr = inner.kind === 'variants' ? this.metric(inner) : inner;
      return { ...expr, from: frame.from, to: this.tokens.end };
    }
    const grouping = frame.grouping ?? parseGrouping(this.tokens);
    const { operation = '', parameter, from } = frame;
    const operand = this.metric(inner);
    const expr = { kind: 'aggregation', operation, parameter, operand, grouping, from, to: this.tokens.end } as const;
    checkVectorAggregation(this.tokens, expr);
    return expr;
  }

  private closeVariants(frame: Frame, last: Expr): Expr {
    // Loki checks the selector after `of`, but of the variants before it only the regular expressions.
    const dropped = this.tokens.problems.splice(frame.problems);
    this.tokens.problems.push(...dropped.filter(({ id }) => id === 'logql-regex' || id === 'logql-pattern'));
    this.tokens.expect('of');
    this.tokens.expect('(');
    const range = parseLogRange(this.tokens);
    this.tokens.expect(')');
    const variants = [...frame.variants, last];
    return { kind: 'variants', variants, range, from: frame.from, to: this.tokens.end };
  }

  private closeLabelReplace(operand: Expr): Expr {
    const { from } = this.frames.pop() as Frame;
    const argument = (): StringLiteral => {
      this.tokens.expect(',');
      return this.tokens.string();
    };
    const [destination, replacement, source, regex] = [argument(), argument(), argument(), argument()];
    this.tokens.expect(')');
    const expr: LabelReplace = {
      kind: 'label-replace',
      operand,
      destination,
      replacement,
      source,
      regex,
      from,
      to: this.tokens.end,
    };
    checkLabelReplace(this.tokens, expr);
    return expr;
  }
}
