import type { LogQLCheckId } from '../checks';
import { isDecimal, isDigit, isLetter } from '../text/go';
import type { Span } from './syntax';

/** A syntax error. Loki reports only the first one. */
export class LogQLSyntaxError extends Error {
  constructor(
    readonly problem: string,
    readonly span: Span,
    readonly fix?: string,
    readonly id: LogQLCheckId = 'logql-syntax',
  ) {
    super(fix === undefined ? problem : `${problem}: ${fix}`);
  }
}

export type ScannedKind = 'eof' | 'identifier' | 'number' | 'char' | 'string' | 'raw-string' | 'other';

/** End of the text, in place of a character. */
export const EOF = -1;

const BYTE_ORDER_MARK = 0xfeff;

/** Character code of one ASCII character. */
export const code = (character: string): number => character.charCodeAt(0);

const lower = (character: number): number => character | 0x20;
const isHex = (character: number): boolean =>
  isDecimal(character) || (lower(character) >= code('a') && lower(character) <= code('f'));

/**
 * Splits a text into Go-like tokens, as Go's `text/scanner` does, on which Loki's lexer is based: numbers with `_` and
 * base prefixes, 'c', `//` and `/*` comments, escape sequences.
 *
 * @see https://github.com/grafana/loki/blob/v3.7.8/pkg/logql/syntax/query_scanner.go
 */
export class Scanner {
  /** Next character. */
  private next: number;
  /** Offset of `next`. */
  private start = 0;
  private end = 0;

  constructor(readonly text: string) {
    this.next = this.read();
    if (this.next === BYTE_ORDER_MARK) {
      this.next = this.read();
    }
  }

  /** Returns the next character, or EOF. */
  peek(): number {
    return this.next;
  }

  /** Offset of the next character. */
  get offset(): number {
    return this.start;
  }

  /** Takes the next character. */
  take(): number {
    const taken = this.next;
    this.advance();
    return taken;
  }

  /** Continues at an offset. */
  skipTo(offset: number): void {
    while (this.start < offset) {
      this.advance();
    }
  }

  /** Takes the next token, after white space and comments. */
  scan(): Span & { readonly kind: ScannedKind; readonly text: string } {
    const before = this.next;
    this.skipSpace();
    const from = this.start;
    const kind = this.scanToken(before);
    return { kind, from, to: this.start, text: this.text.slice(from, this.start) };
  }

  private read(): number {
    this.start = this.end;
    const character = this.text.codePointAt(this.start);
    if (character === undefined) {
      return EOF;
    }
    this.end = this.start + (character > 0xffff ? 2 : 1);
    if (character === 0) {
      this.fail('invalid character NUL', this.start);
    }
    return character;
  }

  private advance(): void {
    this.next = this.read();
  }

  private fail(problem: string, from: number, fix?: string): never {
    throw new LogQLSyntaxError(problem, { from, to: Math.max(this.start, from + 1) }, fix);
  }

  private skipSpace(): void {
    for (;;) {
      while (this.next === 0x20 || this.next === 0x09 || this.next === 0x0a || this.next === 0x0d) {
        this.advance();
      }
      if (this.next !== code('/') || !/^\/[/*]/.test(this.text.slice(this.start, this.start + 2))) {
        return;
      }
      this.skipComment();
    }
  }

  private skipComment(): void {
    const from = this.start;
    this.advance();
    const line = this.take() === code('/');
    if (line) {
      while (this.next !== code('\n') && this.next !== EOF) {
        this.advance();
      }
      return;
    }
    for (let previous = EOF; ; previous = this.take()) {
      if (previous === code('*') && this.next === code('/')) {
        this.advance();
        return;
      }
      if (this.next === EOF) {
        this.fail('comment is not closed', from, 'close it with */');
      }
    }
  }

  private scanToken(before: number): ScannedKind {
    const from = this.start;
    const first = this.next;
    if (first === code('_') || isLetter(first)) {
      while (this.next === code('_') || isLetter(this.next) || isDigit(this.next)) {
        this.advance();
      }
      return 'identifier';
    }
    if (isDecimal(first)) {
      this.scanNumber(before);
      return 'number';
    }
    if (first === EOF) {
      return 'eof';
    }
    this.advance();
    switch (first) {
      case code('"'):
        this.scanString(first);
        return 'string';
      case code("'"):
        if (this.scanString(first) !== 1) {
          this.fail('single quotes are not supported', from, 'use double quotes or backticks');
        }
        return 'char';
      case code('`'):
        this.scanRawString();
        return 'raw-string';
      case code('.'):
        if (isDecimal(this.next)) {
          this.scanFraction(this.start - 1, 10, '');
          return 'number';
        }
        return 'other';
      default:
        return 'other';
    }
  }

  /**
   * @param before the character before the token, or the token's own first character if there is none: Loki's copy of
   * the scanner mistakenly uses it to decide whether `0b1` is a binary number
   */
  private scanNumber(before: number): void {
    const from = this.start;
    let base = 10;
    let prefix = '';
    let seenDigit = false;
    if (this.take() === code('0')) {
      const letter = lower(this.next);
      if (letter === code('x') || letter === code('o')) {
        this.advance();
        base = letter === code('x') ? 16 : 8;
        prefix = letter === code('x') ? 'x' : 'o';
      } else if (letter === code('b')) {
        if (before === code('0') || before === code('1')) {
          this.advance();
          base = 2;
          prefix = 'b';
        }
      } else {
        base = 8;
        prefix = '0';
        seenDigit = true;
      }
    } else {
      seenDigit = true;
    }
    const whole = this.scanDigits(base);
    seenDigit ||= whole.seen;
    if (this.next === code('.')) {
      this.advance();
      this.scanFraction(from, base, prefix, seenDigit);
      return;
    }
    if (!seenDigit) {
      this.fail('expected digits', from);
    }
    const float = this.scanExponent(from, prefix);
    if (!float && whole.invalid) {
      this.fail(`invalid digit for a number in base ${base}`, from, 'remove the leading 0, which makes it octal');
    }
    this.checkSeparators(from);
  }

  private scanFraction(from: number, base: number, prefix: string, seenWhole = false): void {
    if (prefix === 'o' || prefix === 'b') {
      this.fail('octal and binary numbers have no fraction', from);
    }
    const fraction = this.scanDigits(base);
    if (!seenWhole && !fraction.seen) {
      this.fail('expected digits', from);
    }
    if (!this.scanExponent(from, prefix) && prefix === 'x') {
      this.fail("a hexadecimal fraction needs a 'p' exponent", from);
    }
    this.checkSeparators(from);
  }

  private scanDigits(base: number): { readonly seen: boolean; readonly invalid: boolean } {
    let seen = false;
    let invalid = false;
    while (this.next === code('_') || (base === 16 ? isHex(this.next) : isDecimal(this.next))) {
      if (this.next !== code('_')) {
        seen = true;
        invalid ||= base < 10 && this.next >= code('0') + base;
      }
      this.advance();
    }
    return { seen, invalid };
  }

  private scanExponent(from: number, prefix: string): boolean {
    const letter = lower(this.next);
    if (this.next === EOF || (letter !== code('e') && letter !== code('p'))) {
      return false;
    }
    if (letter === code('e') ? prefix !== '' && prefix !== '0' : prefix !== 'x') {
      this.fail("'e' exponents are only supported in decimal numbers, 'p' exponents in hexadecimal ones", from);
    }
    this.advance();
    if (this.next === code('+') || this.next === code('-')) {
      this.advance();
    }
    if (!this.scanDigits(10).seen) {
      this.fail('the exponent has no digits', from);
    }
    return true;
  }

  private checkSeparators(from: number): void {
    const number = this.text.slice(from, this.start);
    const digit = /^0x/i.test(number) ? '[\\da-f]' : '\\d';
    const body = number.replace(/^0[xob]/i, '0');
    if (new RegExp(`(?<!${digit})_|_(?!${digit})`, 'i').test(body)) {
      this.fail("'_' is only supported between digits", from);
    }
  }

  /** @returns number of characters between the quotes */
  private scanString(quote: number): number {
    const from = this.start - 1;
    let count = 0;
    while (this.next !== quote) {
      if (this.next === code('\n') || this.next === EOF) {
        this.fail('quoted string is not closed on the same line', from, 'add the closing quote');
      }
      if (this.take() === code('\\')) {
        this.scanEscape(quote);
      }
      count++;
    }
    this.advance();
    return count;
  }

  private scanEscape(quote: number): void {
    const from = this.start - 1;
    const letter = this.next;
    if (letter === quote || (letter !== EOF && 'abfnrtv\\'.includes(String.fromCodePoint(letter)))) {
      this.advance();
      return;
    }
    const octal = letter >= code('0') && letter <= code('7');
    const length = octal ? 3 : { x: 2, u: 4, U: 8 }[letter === EOF ? '' : String.fromCodePoint(letter)];
    if (length === undefined) {
      this.fail(
        'unknown escape sequence',
        from,
        'double the backslash (\\\\), or use backticks, in which backslashes are literal',
      );
    }
    if (!octal) {
      this.advance();
    }
    for (let left = length; left > 0; left--) {
      if (!(octal ? this.next >= code('0') && this.next <= code('7') : isHex(this.next))) {
        this.fail(`expected ${length} ${octal ? 'octal' : 'hexadecimal'} digits in the escape sequence`, from);
      }
      this.advance();
    }
  }

  private scanRawString(): void {
    const from = this.start - 1;
    while (this.next !== code('`')) {
      if (this.next === EOF) {
        this.fail('string in backticks is not closed', from, 'add the closing backtick');
      }
      this.advance();
    }
    this.advance();
  }
}
