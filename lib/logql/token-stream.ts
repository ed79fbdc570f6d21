import type { LogQLCheckId } from '../checks';
import { excerpt } from '../text/excerpt';
import { Lexer, type Token } from './lexer';
import { LogQLSyntaxError } from './scanner';
import type { LogQLProblem, Span, StringLiteral } from './syntax';
import { syntaxHint } from './syntax-hints';

/** Name of the token in messages. */
function nameOf(token: Token, text: string): string {
  return token.type === 'eof' ? 'end of the query' : `\`${excerpt(text.slice(token.from, token.to))}\``;
}

/** Reads tokens one by one, and collects problems other than syntax errors. */
export class TokenStream {
  private readonly lexer: Lexer;
  private readonly ahead: Token[] = [];
  /** End of the last token taken. */
  end = 0;
  /** @param problems receives problems other than syntax errors */
  constructor(
    readonly text: string,
    readonly problems: LogQLProblem[],
  ) {
    this.lexer = new Lexer(text);
  }

  peek(distance: 0 | 1 = 0): Token {
    while (this.ahead.length <= distance) {
      this.ahead.push(this.lexer.next());
    }
    return this.ahead[distance] as Token;
  }

  take(): Token {
    const token = this.peek();
    this.ahead.shift();
    this.end = token.to;
    return token;
  }

  /** Next token, if it is an operator or keyword. */
  symbol(distance: 0 | 1 = 0): string | undefined {
    const token = this.peek(distance);
    return token.type === 'symbol' ? token.symbol : undefined;
  }

  /** Takes the operator or keyword and returns true, if it comes next. */
  accept(symbol: string): boolean {
    if (this.symbol() !== symbol) {
      return false;
    }
    this.take();
    return true;
  }

  /** @throws LogQLSyntaxError if the next token is another one */
  expect(symbol: string): Token {
    return this.symbol() === symbol ? this.take() : this.unexpected(`\`${symbol}\``);
  }

  /** @throws LogQLSyntaxError if the next token is not a name */
  identifier(what = 'a label name'): Span & { readonly text: string } {
    const token = this.peek();
    if (token.type !== 'identifier') {
      const keyword = token.type === 'symbol' && /^\w+$/.test(token.symbol);
      this.unexpected(keyword ? `${what} (keywords are not supported as names)` : what);
    }
    this.take();
    return token;
  }

  /** @throws LogQLSyntaxError if the next token is not a quoted string */
  string(): StringLiteral {
    const token = this.peek();
    if (token.type !== 'string') {
      this.unexpected('a string in double quotes or backticks');
    }
    this.take();
    return token.string;
  }

  /** Reports a problem after which parsing can continue. */
  report(id: LogQLCheckId, { from, to }: Span, problem: string, fix?: string): void {
    this.problems.push({ id, problem, fix, from, to });
  }

  unexpected(expected: string): never {
    const token = this.peek();
    const problem = `unexpected ${nameOf(token, this.text)}, expected ${expected}`;
    throw new LogQLSyntaxError(problem, token, syntaxHint(this.text, token));
  }
}
