import { inspect } from 'node:util';
import { RE2JS } from 're2js';
import { excerpt } from '../text/excerpt';
import { Lexer } from './lexer';
import { LogQLSyntaxError } from './scanner';

/**
 * A value in a `logql` template: a text, a number, or several texts (alternatives of a regular expression, or label
 * names in `by (…)`).
 */
export type LogQLValue = string | number | readonly string[];

/** Tokens of an unfinished query. A quote that is not closed yet is a token of its own, and ends the list. */
const TOKEN = /"(?:[^"\\\n]|\\.)*(?:"|$)|`[^`]*(?:`|$)|#[^\n]*|[!=|]~|[!|]>|[!|=<>]=|\w+|\S/gsu;

const REGEXP_OPERATORS: ReadonlySet<string> = new Set(['=~', '!~', '|~']);
const VALUE_OPERATORS: ReadonlySet<string> = new Set(['=', '!=', '|=', '|>', '!>', ...REGEXP_OPERATORS]);
const TEXT_STAGES: ReadonlySet<string> = new Set(['line_format', 'regexp', 'pattern']);
const BARE_STAGES: ReadonlySet<string> = new Set(['json', 'logfmt', 'unpack', 'decolorize']);

/** Characters of the query before a wrong value that its error shows: a selector or two. */
const SHOWN_BEFORE = 40;

const IDENTIFIER = /^[A-Za-z_]\w*$/;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}' };

/** Position of a value in the query. */
type ValuePosition =
  | { readonly kind: 'bare'; readonly inRange: boolean }
  | { readonly kind: 'value' | 'quotes' | 'backticks'; readonly regexp: boolean; readonly inSelector: boolean };

/**
 * Inserts values safely into LogQL: logql`{app=${app}} |= ${text} | took > ${limit} [${range}]`.
 *
 * - After `=`, `!=`, `=~`, `!~`, `|=`, `|~`, `|>`, `!>`, `ip(`, `line_format`, `regexp` and `pattern`, a text is quoted
 *   and escaped; in a regular expression, it matches literally. Several texts become alternatives.
 * - Between quotes, a text is escaped in the same way.
 * - Elsewhere, numbers, durations, names and complete parts of LogQL are inserted as they are.
 *
 * The text of the template itself, including regular expressions, is not changed: `"\\d"` is `"\\d"`.
 *
 * @throws Error if a value is not valid at its position
 * @example
 * const apps = ['checkout', 'payments'];
 * const expr = logql`sum by (app) (count_over_time({app=~${apps}} |= ${'"level":"error"'} [5m])) > ${10}`;
 */
export function logql(strings: TemplateStringsArray, ...values: readonly LogQLValue[]): string {
  const [first = '', ...rest] = strings.raw.map((text) => text.replace(/\\([`$])/g, '$1'));
  return rest.reduce((query, text, index) => query + insert(query, values[index] as LogQLValue) + text, first);
}

function insert(before: string, value: LogQLValue): string {
  requireValue(value, before);
  const place = placeAfter(before);
  if (place.kind === 'bare') {
    return bare(value, place.inRange);
  }
  if (typeof value === 'number') {
    const quoted = place.kind === 'value' && (place.inSelector || place.regexp);
    return quoted ? `"${number(value)}"` : number(value);
  }
  const text = escapeText(value, place);
  if (place.kind === 'backticks') {
    if (text.includes('`')) {
      throw new Error(
        `logql: ${show(value)} contains a backtick and cannot be inserted between backticks: use double quotes`,
      );
    }
    return text;
  }
  const quoted = JSON.stringify(text);
  return place.kind === 'value' ? quoted : quoted.slice(1, -1);
}

/** @throws Error for a value that the types exclude: synthesis does not check types, and JSON has none */
function requireValue(value: unknown, before: string): void {
  const texts = Array.isArray(value) ? value : [value];
  const wrong = texts.findIndex((each) => typeof each !== 'string' && (texts === value || typeof each !== 'number'));
  if (wrong < 0) return;
  const got = texts === value ? `${inspect(texts[wrong])} in a list` : inspect(value, { depth: 0 });
  const tail = before.length > SHOWN_BEFORE ? `…${before.slice(-SHOWN_BEFORE)}` : before;
  throw new Error(
    `logql: expected a text, a number or a list of texts after ${JSON.stringify(tail)}, got ${excerpt(got)}`,
  );
}

function escapeText(value: string | readonly string[], { regexp }: { readonly regexp: boolean }): string {
  if (typeof value === 'string') {
    return regexp ? RE2JS.quote(value) : value;
  }
  if (!regexp) {
    throw new Error(`logql: a list of values is not supported after this operator, got ${show(value)}: use =~ or |~`);
  }
  if (value.length === 0) {
    throw new Error('logql: the list is empty, and would match every text: leave the matcher or filter out');
  }
  return value.map((text) => RE2JS.quote(text)).join('|');
}

function number(value: number): string {
  if (!Number.isFinite(value)) {
    throw new Error(`logql: expected a finite number, got ${value}`);
  }
  return String(value);
}

function bare(value: LogQLValue, inRange: boolean): string {
  if (typeof value === 'number') {
    if (inRange) {
      throw new Error(`logql: expected a duration with a unit in the range, got ${value}: use e.g. '${value}m'`);
    }
    return number(value);
  }
  if (typeof value !== 'string') {
    const wrong = value.find((name) => !IDENTIFIER.test(name));
    if (wrong !== undefined) {
      throw new Error(`logql: invalid label name ${show(wrong)}: insert strings after an operator such as =~`);
    }
    return value.join(', ');
  }
  checkPiece(value);
  return value;
}

/** @throws Error if a part inserted as it is could affect the rest: cut tokens, unbalanced parentheses, comments */
function checkPiece(piece: string): void {
  const fix = 'insert texts after an operator such as |= or between quotes';
  try {
    const lexer = new Lexer(piece);
    const open: string[] = [];
    for (let token = lexer.next(); token.type !== 'eof'; token = lexer.next()) {
      const symbol = token.type === 'symbol' ? token.symbol : '';
      const closing = CLOSING[symbol];
      if (closing) {
        open.push(closing);
      } else if ((symbol === ')' || symbol === '}' || symbol === ']') && open.pop() !== symbol) {
        throw new LogQLSyntaxError(`unexpected ${symbol}`, token);
      }
    }
    if (open.length > 0 || /#[^\n]*$/.test(piece)) {
      throw new LogQLSyntaxError(open.length > 0 ? `missing ${open.at(-1)}` : 'comment at the end', {
        from: 0,
        to: 0,
      });
    }
  } catch (error) {
    if (error instanceof LogQLSyntaxError) {
      throw new Error(`logql: ${show(piece)} is not a complete part of LogQL (${error.message}): ${fix}`);
    }
    throw error;
  }
}

function placeAfter(before: string): ValuePosition {
  const tokens: readonly string[] = before.match(TOKEN) ?? [];
  const last = tokens.at(-1) ?? '';
  if (last.startsWith('#') && !before.endsWith('\n')) {
    throw new Error('logql: value in a comment: move it out');
  }
  const inSelector = tokens.lastIndexOf('{') > tokens.lastIndexOf('}');
  const open = isOpen(last, '"') || isOpen(last, '`');
  const operator = valueOperator(open ? tokens.slice(0, -1) : tokens);
  const regexp = operator !== undefined && REGEXP_OPERATORS.has(operator);
  if (open) {
    return { kind: last.startsWith('"') ? 'quotes' : 'backticks', regexp, inSelector };
  }
  return operator === undefined ? { kind: 'bare', inRange: last === '[' } : { kind: 'value', regexp, inSelector };
}

function isOpen(token: string, quote: string): boolean {
  return token.startsWith(quote) && !(token.length > 1 && token.endsWith(quote) && !/(?<!\\)(?:\\\\)*\\"$/.test(token));
}

/** Operator or stage that expects a text next, if there is one. */
function valueOperator(tokens: readonly string[]): string | undefined {
  const last = tokens.at(-1) ?? '';
  if (VALUE_OPERATORS.has(last) || TEXT_STAGES.has(last)) {
    return last;
  }
  if (last === '(' && tokens.at(-2) === 'ip') {
    return 'ip';
  }
  // `|= "a" or` expects another text, `| level="a" or` another filter.
  let index = tokens.length - 1;
  while (tokens[index] === 'or' && /^["`]/.test(tokens[index - 1] ?? '')) {
    index -= 2;
  }
  const operator = tokens[index] ?? '';
  const label = IDENTIFIER.test(tokens[index - 1] ?? '') && !BARE_STAGES.has(tokens[index - 1] ?? '');
  const lineFilter = VALUE_OPERATORS.has(operator) && operator !== '=' && operator !== '=~' && !label;
  return index < tokens.length - 1 && lineFilter ? operator : undefined;
}

function show(value: string | readonly string[]): string {
  return excerpt(JSON.stringify(value));
}
