import { parsePrometheusDuration, prometheusOrGoDurationNs } from '../text/duration';
import { excerpt } from '../text/excerpt';
import { isLetter, isNumber, isSpace, parseBytes, toLower } from '../text/go';
import { unquoteGo } from '../text/go-string';
import { code, EOF, LogQLSyntaxError, Scanner } from './scanner';
import type { Span, StringLiteral } from './syntax';

/** A token, with its type in the grammar and its value. */
export type Token = Span &
  (
    | { readonly type: 'eof' }
    /** An operator or a keyword, in lower case. */
    | { readonly type: 'symbol'; readonly symbol: string }
    | { readonly type: 'identifier' | 'number' | 'flag'; readonly text: string }
    | { readonly type: 'string'; readonly string: StringLiteral }
    /** `5m`, or `[5m]`. */
    | { readonly type: 'duration' | 'range'; readonly nanoseconds: bigint }
    | { readonly type: 'bytes'; readonly bytes: number }
  );

export const RANGE_OPERATIONS: ReadonlySet<string> = new Set([
  'rate',
  'rate_counter',
  'count_over_time',
  'bytes_rate',
  'bytes_over_time',
  'avg_over_time',
  'sum_over_time',
  'min_over_time',
  'max_over_time',
  'stdvar_over_time',
  'stddev_over_time',
  'quantile_over_time',
  'first_over_time',
  'last_over_time',
  'absent_over_time',
]);

export const VECTOR_OPERATIONS: ReadonlySet<string> = new Set([
  'sum',
  'avg',
  'max',
  'min',
  'count',
  'stddev',
  'stdvar',
  'bottomk',
  'topk',
  'sort',
  'sort_desc',
  'approx_topk',
]);

/** Words that are functions before `(`, `by (` or `without (`, and names elsewhere. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...RANGE_OPERATIONS,
  ...VECTOR_OPERATIONS,
  'vector',
  'label_replace',
  'bytes',
  'duration',
  'duration_seconds',
  'ip',
]);

/** Words that are never names. */
const KEYWORDS: readonly string[] = [
  'by',
  'without',
  'bool',
  'offset',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'unwrap',
  'or',
  'and',
  'unless',
  'json',
  'regexp',
  'logfmt',
  'unpack',
  'pattern',
  'label_format',
  'line_format',
  'decolorize',
  'drop',
  'keep',
  'variants',
  'of',
];

const SYMBOLS: ReadonlySet<string> = new Set([
  ...KEYWORDS,
  ...[',', '.', '{', '}', '=', '!=', '=~', '!~', '!>', '|=', '|~', '|>', '|', '(', ')', ']'],
  ...['+', '-', '*', '/', '%', '^', '==', '>', '>=', '<', '<='],
]);

const FLAGS: ReadonlySet<string> = new Set(['--strict', '--keep-empty']);

/** Measured on Loki 3.7.8: it skips comments recursively, with frames of 256 KiB, and Go limits the stack to 1 GB. */
const MAX_COMMENTS = 2041;

const isDurationLetter = (character: number): boolean => 'nuµmshdwy'.includes(String.fromCodePoint(character));
const isSizeLetter = (character: number): boolean => 'BikKMGTP'.includes(String.fromCodePoint(character));

/**
 * Splits a LogQL query into tokens.
 *
 * @see https://github.com/grafana/loki/blob/v3.7.8/pkg/logql/syntax/lex.go
 */
export class Lexer {
  private readonly scanner: Scanner;

  constructor(private readonly text: string) {
    this.scanner = new Scanner(text);
  }

  /** Returns the next token. @throws LogQLSyntaxError where Loki's lexer reports an error */
  next(): Token {
    for (let comments = 0; ; comments++) {
      const token = this.scanner.scan();
      if (token.text !== '#') {
        return this.interpret(token);
      }
      if (comments >= MAX_COMMENTS) {
        throw new LogQLSyntaxError(
          'too many consecutive comments: they overflow the stack of Loki',
          token,
          'remove them',
        );
      }
      this.skipComment();
    }
  }

  private skipComment(): void {
    const { scanner } = this;
    for (let next = scanner.peek(); next !== EOF && next !== code('\n'); next = scanner.take()) {
      // Also takes the line end, unless the comment is empty: after a space, Scanner reads numbers differently.
    }
  }

  private interpret({ kind, from, to, text }: ReturnType<Scanner['scan']>): Token {
    switch (kind) {
      case 'eof':
        return { type: 'eof', from, to };
      case 'number':
        return this.duration(from, text) ?? this.bytes(from, text) ?? { type: 'number', text, from, to };
      case 'string':
      case 'raw-string':
        return this.string(from, to, text);
    }
    if (text === '[') {
      return this.range(from);
    }
    if (text === '-') {
      const token = this.flag(from) ?? this.duration(from, text);
      if (token) {
        return token;
      }
    }
    return this.word(from, to, text);
  }

  private string(from: number, to: number, text: string): Token {
    const string = unquoteGo(text, 'replaced');
    if (!string) {
      throw new LogQLSyntaxError('invalid escape sequence', { from, to });
    }
    return { type: 'string', string: { ...string, from, to }, from, to };
  }

  private range(from: number): Token {
    const close = this.text.indexOf(']', from);
    if (close < 0) {
      throw new LogQLSyntaxError(
        "missing ']' after the range",
        { from, to: this.text.length },
        'use a duration, e.g. [5m]',
      );
    }
    this.scanner.skipTo(close + 1);
    const duration = parsePrometheusDuration(this.text.slice(from + 1, close));
    if ('error' in duration) {
      const range = this.text.slice(from, close + 1);
      const fix = range.includes('$')
        ? 'use a duration, e.g. [5m]; Grafana variables are not supported in rules'
        : 'use whole numbers with units, e.g. [5m] or [1h30m]';
      throw new LogQLSyntaxError(`${duration.error} in ${excerpt(range)}`, { from, to: close + 1 }, fix);
    }
    return { type: 'range', nanoseconds: duration.nanoseconds, from, to: close + 1 };
  }

  /** `--strict`, `--keep-empty` */
  private flag(from: number): Token | undefined {
    if (this.scanner.peek() !== code('-')) {
      return undefined;
    }
    const to = this.lookAhead((character) => character === code('-') || isLetter(character));
    const text = this.text.slice(from, to);
    if (!FLAGS.has(text)) {
      return undefined;
    }
    this.scanner.skipTo(to);
    return { type: 'flag', text, from, to };
  }

  private duration(from: number, start: string): Token | undefined {
    const to = this.lookAhead((c) => isNumber(c) || isDurationLetter(c) || c === code('.'));
    if (to === from + start.length) {
      return undefined;
    }
    const nanoseconds = prometheusOrGoDurationNs(this.text.slice(from, to));
    if (nanoseconds === undefined) {
      return undefined;
    }
    this.scanner.skipTo(to);
    return { type: 'duration', nanoseconds, from, to };
  }

  private bytes(from: number, start: string): Token | undefined {
    const to = this.lookAhead((c) => isNumber(c) || isSizeLetter(c) || c === code('.'));
    if (to === from + start.length) {
      return undefined;
    }
    const bytes = parseBytes(this.text.slice(from, to));
    if (bytes === undefined) {
      return undefined;
    }
    this.scanner.skipTo(to);
    return { type: 'bytes', bytes, from, to };
  }

  private word(from: number, to: number, text: string): Token {
    const word = toLower(text);
    if (FUNCTIONS.has(word)) {
      return this.isCall() ? { type: 'symbol', symbol: word, from, to } : { type: 'identifier', text, from, to };
    }
    // Operators of two characters: Loki looks one character ahead.
    const next = this.scanner.peek();
    const pair = next === EOF ? word : word + toLower(String.fromCodePoint(next));
    if (next !== EOF && SYMBOLS.has(pair)) {
      this.scanner.take();
      return { type: 'symbol', symbol: pair, from, to: this.scanner.offset };
    }
    return SYMBOLS.has(word) ? { type: 'symbol', symbol: word, from, to } : { type: 'identifier', text, from, to };
  }

  /** True if `(`, `by (` or `without (` comes next. */
  private isCall(): boolean {
    let offset = this.skipSpace(this.scanner.offset);
    const word = /^(?:by|without)/.exec(toLower(this.text.slice(offset, offset + 'without'.length)))?.[0];
    if (word) {
      offset = this.skipSpace(offset + word.length);
    }
    return this.text[offset] === '(';
  }

  private skipSpace(offset: number): number {
    let end = offset;
    while (end < this.text.length && isSpace(this.text.charCodeAt(end))) {
      end++;
    }
    return end;
  }

  /** Returns the offset of the first character that `accept` refuses. */
  private lookAhead(accept: (character: number) => boolean): number {
    let offset = this.scanner.offset;
    for (;;) {
      const character = this.text.codePointAt(offset);
      if (character === undefined || !accept(character)) {
        return offset;
      }
      offset += character > 0xffff ? 2 : 1;
    }
  }
}
