import { isDigit, isLetter } from '../text/go';

export type TemplateTokenKind =
  | 'text'
  | 'left'
  | 'right'
  | 'space'
  | 'assign'
  | 'pipe'
  | 'string'
  | 'raw-string'
  | 'character'
  | 'variable'
  | 'field'
  | 'dot'
  | 'number'
  | 'complex'
  | 'boolean'
  | 'identifier'
  | 'keyword'
  | '('
  | ')'
  | 'other'
  | 'eof'
  | 'error';

/** A token of a template. For `error`, `text` is the message. */
export interface TemplateToken {
  readonly kind: TemplateTokenKind;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

const KEYWORDS: ReadonlySet<string> = new Set([
  ...['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'nil', 'range', 'template', 'with'],
]);

const SPACE = /[ \t\r\n]/;
const TRAILING_SPACE = /[ \t\r\n]+$/;
const LEADING_SPACE = /^[ \t\r\n]*/;
const RIGHT_DELIMITER = /(?:[ \t\r\n]-)?\}\}/y;

const NUMBER = new RegExp(
  [
    /[+-]?0[xX][\dA-Fa-f_]*(?:\.[\dA-Fa-f_]*)?(?:[pP][+-]?[\d_]*)?i?/,
    /[+-]?0[oO][0-7_]*(?:\.[0-7_]*)?i?/,
    /[+-]?0[bB][01_]*(?:\.[01_]*)?i?/,
    /[+-]?[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?i?/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'y',
);

/** Message of an `error` token. */
class TemplateLexError extends Error {}

/**
 * Splits a Go template into tokens. The last one is `eof`, or `error` where Go's lexer stops.
 *
 * @see https://github.com/golang/go/blob/go1.26.5/src/text/template/parse/lex.go
 */
export function templateTokens(text: string): TemplateToken[] {
  return new TemplateLexer(text).run();
}

class TemplateLexer {
  private readonly tokens: TemplateToken[] = [];
  private position = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  run(): TemplateToken[] {
    try {
      while (this.position < this.text.length) {
        this.plainText();
      }
      this.push('eof', this.position);
    } catch (error) {
      if (!(error instanceof TemplateLexError)) {
        throw error;
      }
      const from = Math.min(this.position, Math.max(0, this.text.length - 1));
      this.tokens.push({ kind: 'error', text: error.message, from, to: Math.min(from + 1, this.text.length) });
    }
    return this.tokens;
  }

  private push(kind: TemplateTokenKind, from: number): void {
    this.tokens.push({ kind, text: this.text.slice(from, this.position), from, to: this.position });
  }

  private startsWith(prefix: string): boolean {
    return this.text.startsWith(prefix, this.position);
  }

  /** Returns the right delimiter at the current position, with its trim marker. */
  private rightDelimiter(): string | undefined {
    RIGHT_DELIMITER.lastIndex = this.position;
    return RIGHT_DELIMITER.exec(this.text)?.[0];
  }

  private takeRightDelimiter(delimiter: string): void {
    const from = this.position + delimiter.length - 2;
    this.position += delimiter.length;
    this.push('right', from);
    this.trim(delimiter);
  }

  private trim(delimiter: string): void {
    if (delimiter.length > 2) {
      this.position += LEADING_SPACE.exec(this.text.slice(this.position))?.[0].length ?? 0;
    }
  }

  private plainText(): void {
    const from = this.position;
    const open = this.text.indexOf('{{', from);
    this.position = open < 0 ? this.text.length : open;
    const trims = open >= 0 && /^-[ \t\r\n]/.test(this.text.slice(open + 2, open + 4));
    const plain = this.text.slice(from, this.position);
    const kept = trims ? plain.replace(TRAILING_SPACE, '') : plain;
    if (kept !== '') {
      this.tokens.push({ kind: 'text', text: kept, from, to: from + kept.length });
    }
    if (open < 0) {
      return;
    }
    const marker = trims ? 2 : 0;
    if (this.text.startsWith('/*', open + 2 + marker)) {
      this.comment(open + 2 + marker);
      return;
    }
    this.position += 2;
    this.push('left', open);
    this.position += marker;
    this.action();
  }

  private comment(from: number): void {
    const close = this.text.indexOf('*/', from + 2);
    if (close < 0) {
      throw new TemplateLexError('unclosed comment: end it with */}}');
    }
    this.position = close + 2;
    const delimiter = this.rightDelimiter();
    if (delimiter === undefined) {
      throw new TemplateLexError('the comment must be alone in its action: write {{/* … */}}');
    }
    this.position += delimiter.length;
    this.trim(delimiter);
  }

  private action(): void {
    this.depth = 0;
    for (;;) {
      const delimiter = this.rightDelimiter();
      if (delimiter !== undefined) {
        if (this.depth > 0) {
          throw new TemplateLexError('unclosed left paren: add `)`');
        }
        this.takeRightDelimiter(delimiter);
        return;
      }
      this.insideAction();
    }
  }

  private insideAction(): void {
    const from = this.position;
    const character = this.text.codePointAt(from);
    if (character === undefined) {
      throw new TemplateLexError('unclosed action: end it with }}');
    }
    const letter = String.fromCodePoint(character);
    this.position += letter.length;
    if (SPACE.test(letter)) {
      this.space(from);
    } else if (letter === '=') {
      this.push('assign', from);
    } else if (letter === ':') {
      if (!this.startsWith('=')) {
        throw new TemplateLexError('expected :=');
      }
      this.position++;
      this.push('assign', from);
    } else if (letter === '|') {
      this.push('pipe', from);
    } else if (letter === '"' || letter === "'") {
      this.quoted(letter, from);
    } else if (letter === '`') {
      const close = this.text.indexOf('`', this.position);
      if (close < 0) {
        throw new TemplateLexError('unterminated raw quoted string: close the backtick');
      }
      this.position = close + 1;
      this.push('raw-string', from);
    } else if (letter === '$') {
      this.name('variable', from);
    } else if (letter === '.' && !/\d/.test(this.text[this.position] ?? '')) {
      this.name('field', from);
    } else if (/[+\-.\d]/.test(letter)) {
      this.number(from);
    } else if (this.isWord(character)) {
      this.name('identifier', from);
    } else if (letter === '(') {
      this.depth++;
      this.push('(', from);
    } else if (letter === ')') {
      this.depth--;
      if (this.depth < 0) {
        throw new TemplateLexError('unexpected right paren');
      }
      this.push(')', from);
    } else if (letter >= ' ' && letter <= '~') {
      this.push('other', from);
    } else {
      throw new TemplateLexError(`unrecognized character in action: ${letter}`);
    }
  }

  /** A space before a delimiter with a trim marker is part of the delimiter. */
  private space(from: number): void {
    while (SPACE.test(this.text[this.position] ?? '')) {
      this.position++;
    }
    this.position--;
    if (!this.rightDelimiter()?.startsWith(this.text[this.position] ?? '')) {
      this.position++;
    }
    if (this.position > from) {
      this.push('space', from);
    }
  }

  private quoted(quote: string, from: number): void {
    const pattern = quote === '"' ? /(?:[^"\\\n]|\\[^\n])*"/y : /(?:[^'\\\n]|\\[^\n])*'/y;
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (!match) {
      throw new TemplateLexError(
        quote === '"' ? 'unterminated quoted string: close the quote on its line' : 'unterminated character constant',
      );
    }
    this.position += match[0].length;
    this.push(quote === '"' ? 'string' : 'character', from);
  }

  private isWord(character: number): boolean {
    return character === 0x5f || isLetter(character) || isDigit(character);
  }

  /** `name`, `.name`, `$name`: the first character is already consumed. */
  private name(kind: 'identifier' | 'field' | 'variable', from: number): void {
    for (;;) {
      const character = this.text.codePointAt(this.position);
      if (character === undefined || !this.isWord(character)) {
        break;
      }
      this.position += character > 0xffff ? 2 : 1;
    }
    if (!this.atTerminator()) {
      throw new TemplateLexError(`bad character ${JSON.stringify(this.text[this.position])} after a name: add a space`);
    }
    const word = this.text.slice(from, this.position);
    if (kind === 'field' && word === '.') {
      this.push('dot', from);
    } else if (kind === 'identifier' && KEYWORDS.has(word)) {
      this.push('keyword', from);
    } else {
      this.push(kind === 'identifier' && /^(?:true|false)$/.test(word) ? 'boolean' : kind, from);
    }
  }

  private atTerminator(): boolean {
    return (
      this.position >= this.text.length ||
      /[ \t\r\n.,|:()]/.test(this.text[this.position] ?? '') ||
      this.startsWith('}}')
    );
  }

  private number(from: number): void {
    this.position = from;
    this.scanNumber(from);
    const sign = this.text[this.position];
    if (sign === '+' || sign === '-') {
      this.scanNumber(from);
      if (this.text[this.position - 1] !== 'i') {
        throw new TemplateLexError(`bad number syntax: ${this.text.slice(from, this.position)}`);
      }
      this.push('complex', from);
      return;
    }
    this.push('number', from);
  }

  private scanNumber(from: number): void {
    NUMBER.lastIndex = this.position;
    this.position += NUMBER.exec(this.text)?.[0].length ?? 0;
    const next = this.text.codePointAt(this.position);
    if (next !== undefined && this.isWord(next)) {
      throw new TemplateLexError(`bad number syntax: ${this.text.slice(from, this.position + 1)}`);
    }
  }
}
