import { excerpt } from '../text/excerpt';
import { type TemplateToken, templateTokens } from './lexer';

/** First syntax error in a template; Go reports no others. */
export class TemplateSyntaxError extends Error {
  constructor(
    message: string,
    readonly token: TemplateToken,
    readonly undefinedName?: string,
  ) {
    super(message);
  }
}

/** Reads the tokens of a template. */
export class TokenReader {
  private readonly tokens: readonly TemplateToken[];
  protected index = 0;

  constructor(text: string) {
    this.tokens = templateTokens(text);
  }

  protected peek(): TemplateToken {
    return this.tokens[Math.min(this.index, this.tokens.length - 1)] as TemplateToken;
  }

  protected take(): TemplateToken {
    const token = this.peek();
    this.index++;
    return token;
  }

  protected skipSpace(): void {
    while (this.peek().kind === 'space') {
      this.index++;
    }
  }

  protected peekNonSpace(): TemplateToken {
    this.skipSpace();
    return this.peek();
  }

  protected takeNonSpace(): TemplateToken {
    this.skipSpace();
    return this.take();
  }

  protected fail(message: string, token: TemplateToken = this.peek()): never {
    throw new TemplateSyntaxError(message, token);
  }

  protected notDefined(message: string, token: TemplateToken): never {
    throw new TemplateSyntaxError(message, token, token.text);
  }

  protected unexpected(token: TemplateToken, context: string): never {
    if (token.kind === 'error') {
      this.fail(token.text, token);
    }
    const what = token.kind === 'eof' ? 'end of the text' : `\`${excerpt(token.text)}\``;
    this.fail(`unexpected ${what} in ${context}`, token);
  }

  protected expectRight(context: string): void {
    const token = this.takeNonSpace();
    if (token.kind !== 'right') {
      this.unexpected(token, context);
    }
  }

  /** Returns the last token taken. */
  protected last(): TemplateToken {
    return this.tokens[Math.min(this.index, this.tokens.length) - 1] as TemplateToken;
  }
}
