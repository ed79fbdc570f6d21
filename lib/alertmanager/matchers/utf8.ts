import type { MatcherText, MatchOperator } from './text';

/** What Go's `unicode.IsSpace` takes for white space. */
const SPACE = '\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** Braces, a comma, an operator, quoted text, or text without any character that means something. */
const TOKEN = new RegExp(
  `[${SPACE}]*(?:([{},]|=~?|!=|!~)|("(?:[^"\\\\]|\\\\[^])*")|([^{}!=~,\\\\"'\`${SPACE}]+)|$)`,
  'uy',
);

/**
 * Reads matchers as Alertmanager's own parser does: names and values may be any UTF-8 text in double quotes.
 *
 * @throws Error with the reason when the text is not one
 * Upstream: `matcher/parse/lexer.go` and `parse.go`.
 */
export function parseUtf8Matchers(text: string): MatcherText[] {
  const tokens = tokenize(text);
  const matchers: MatcherText[] = [];
  const open = tokens[0] === '{';
  let at = open ? 1 : 0;
  while (at < tokens.length && tokens[at] !== '}') {
    const [name, operator, value] = tokens.slice(at, at + 3);
    if (!isWord(name)) throw new Error(`expected a label name${before(name)}`);
    if (!isOperator(operator)) throw new Error(`expected '=', '!=', '=~' or '!~' after ${name}${before(operator)}`);
    if (!isWord(value)) throw new Error(`expected a value after ${name}${operator}${before(value)}`);
    matchers.push({ name: unquote(name), operator, value: unquote(value) });
    at += 3;
    if (tokens[at] === ',') at += 1;
    else if (at < tokens.length && tokens[at] !== '}') throw new Error(`expected a comma${before(tokens[at])}`);
  }
  const closed = tokens[at] === '}';
  if (open && !closed) throw new Error("the '{' is never closed");
  if (closed && !open) throw new Error("'}' without '{'");
  if (closed && at + 1 < tokens.length) throw new Error(`expected nothing after '}'${before(tokens[at + 1])}`);
  return matchers;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`cannot read ${JSON.stringify(text.slice(start).trim())}`);
    const token = match[1] ?? match[2] ?? match[3];
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

function isOperator(token: string | undefined): token is MatchOperator {
  return token === '=' || token === '!=' || token === '=~' || token === '!~';
}

function isWord(token: string | undefined): token is string {
  return token !== undefined && !isOperator(token) && token !== ',' && token !== '{' && token !== '}';
}

function before(token: string | undefined): string {
  return token === undefined ? '' : ` before ${JSON.stringify(token)}`;
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '"': 34,
  '\\': 92,
};

/** Go's `strconv.Unquote` for double quotes, refusing bytes that are no UTF-8. Unquoted text is returned as it is. */
function unquote(token: string): string {
  if (!token.startsWith('"')) return token;
  const inner = token.slice(1, -1);
  const wrong = () => new Error(`${token} is not a Go string: escape a backslash as \\\\ and a line break as \\n`);
  if (inner.includes('\n')) throw wrong();
  const escapes = /\\(?:([abtnvfr"\\])|x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|)/g;
  const bytes: Buffer[] = [];
  let end = 0;
  for (const match of inner.matchAll(escapes)) {
    bytes.push(Buffer.from(inner.slice(end, match.index)));
    end = match.index + match[0].length;
    const [, simple, hex, octal, short, long] = match;
    const rune = short ?? long;
    const byte = simple ? SIMPLE_ESCAPES[simple] : hex ? Number.parseInt(hex, 16) : Number.parseInt(octal ?? '', 8);
    if (rune) {
      const code = Number.parseInt(rune, 16);
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) throw wrong();
      bytes.push(Buffer.from(String.fromCodePoint(code)));
    } else if (byte === undefined || Number.isNaN(byte) || byte > 255) {
      throw wrong();
    } else {
      bytes.push(Buffer.of(byte));
    }
  }
  bytes.push(Buffer.from(inner.slice(end)));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(bytes));
  } catch {
    throw new Error(`${token} is not valid UTF-8`);
  }
}
