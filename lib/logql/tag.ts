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

const IDENTIFIER = /^[A-Za-z_]\w*$/;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}' };

/** Where a value stands. */
type ValuePosition =
  | { readonly kind: 'bare'; readonly inRange: boolean }
  | { readonly kind: 'value' | 'quotes' | 'backticks'; readonly regexp: boolean; readonly inSelector: boolean };

/**
 * LogQL with values put in safely: logql`{app=${app}} |= ${text} | took > ${limit} [${range}]`.
 *
 * - After `=`, `!=`, `=~`, `!~`, `|=`, `|~`, `|>`, `!>`, `ip(`, `line_format`, `regexp` and `pattern` a text is quoted
 *   and escaped; for a regular expression it is also taken literally. Several texts become alternatives.
 * - Between quotes it is escaped in the same way.
 * - Elsewhere numbers, durations, names and whole pieces of LogQL are put in as they are.
 *
 * What is written in the template itself, regular expressions above all, reaches Loki as it stands: `"\\d"` is `"\\d"`.
 *
 * @throws Error if a value cannot be put in its place, with what to write instead
 * @example
 * const apps = ['checkout', 'payments'];
 * const expr = logql`sum by (app) (count_over_time({app=~${apps}} |= ${'"level":"error"'} [5m])) > ${10}`;
 */
export function logql(strings: TemplateStringsArray, ...values: readonly LogQLValue[]): string {
  const [first = '', ...rest] = strings.raw.map((text) => text.replace(/\\([`$])/g, '$1'));
  return rest.reduce((query, text, index) => query + insert(query, values[index] as LogQLValue) + text, first);
}

function insert(before: string, value: LogQLValue): string {
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
        `logql: ${show(value)} has a backtick and cannot stand between backticks: use double quotes there`,
      );
    }
    return text;
  }
  const quoted = JSON.stringify(text);
  return place.kind === 'value' ? quoted : quoted.slice(1, -1);
}

function escapeText(value: string | readonly string[], { regexp }: { readonly regexp: boolean }): string {
  if (typeof value === 'string') {
    return regexp ? RE2JS.quote(value) : value;
  }
  if (!regexp) {
    throw new Error(`logql: several values ${show(value)} need a regular expression: write =~ or |~ before them`);
  }
  return value.map((text) => RE2JS.quote(text)).join('|');
}

function number(value: number): string {
  if (!Number.isFinite(value)) {
    throw new Error(`logql: ${value} cannot be written as a LogQL number`);
  }
  return String(value);
}

function bare(value: LogQLValue, inRange: boolean): string {
  if (typeof value === 'number') {
    if (inRange) {
      throw new Error(`logql: a range needs a unit: write a duration such as '${value}m' instead of ${value}`);
    }
    return number(value);
  }
  if (typeof value !== 'string') {
    const wrong = value.find((name) => !IDENTIFIER.test(name));
    if (wrong !== undefined) {
      throw new Error(`logql: ${show(wrong)} is not a valid label name; strings follow an operator such as =~`);
    }
    return value.join(', ');
  }
  checkPiece(value);
  return value;
}

/** What is put in as it is must not reach out of its place: whole tokens, balanced parentheses, no comment. */
function checkPiece(piece: string): void {
  const fix = 'put texts after an operator such as |= or between quotes';
  try {
    const lexer = new Lexer(piece);
    const open: string[] = [];
    for (let token = lexer.next(); token.type !== 'eof'; token = lexer.next()) {
      const symbol = token.type === 'symbol' ? token.symbol : '';
      const closing = CLOSING[symbol];
      if (closing) {
        open.push(closing);
      } else if ((symbol === ')' || symbol === '}' || symbol === ']') && open.pop() !== symbol) {
        throw new LogQLSyntaxError(`a ${symbol} too many`, token);
      }
    }
    if (open.length > 0 || /#[^\n]*$/.test(piece)) {
      throw new LogQLSyntaxError(open.length > 0 ? `${open.at(-1)} is missing` : 'a comment is open', {
        from: 0,
        to: 0,
      });
    }
  } catch (error) {
    if (error instanceof LogQLSyntaxError) {
      throw new Error(`logql: ${show(piece)} is not a complete piece of LogQL (${error.message}): ${fix}`);
    }
    throw error;
  }
}

function placeAfter(before: string): ValuePosition {
  const tokens: readonly string[] = before.match(TOKEN) ?? [];
  const last = tokens.at(-1) ?? '';
  if (last.startsWith('#') && !before.endsWith('\n')) {
    throw new Error('logql: a value is inside a comment: move it out');
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

/** The operator that takes a text next, if one does. */
function valueOperator(tokens: readonly string[]): string | undefined {
  const last = tokens.at(-1) ?? '';
  if (VALUE_OPERATORS.has(last) || TEXT_STAGES.has(last)) {
    return last;
  }
  if (last === '(' && tokens.at(-2) === 'ip') {
    return 'ip';
  }
  // `|= "a" or`: one more alternative of a line filter. `| level="a" or` wants a whole filter.
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
