import { SPACE_CLASS } from '../../text/go';
import { unquoteGo } from '../../text/go-string';
import type { MatcherText, MatchOperator } from './text';

/** Braces, a comma, an operator, quoted text, or text without special characters. */
const TOKEN = new RegExp(
  `[${SPACE_CLASS}]*(?:([{},]|=~?|!=|!~)|("(?:[^"\\\\]|\\\\[^])*")|([^{}!=~,\\\\"'\`${SPACE_CLASS}]+)|$)`,
  'uy',
);

/**
 * Parses matchers as Alertmanager's UTF-8 parser does: names and values may be any text in double quotes.
 *
 * @throws Error with the reason if the text is invalid
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
  if (open && !closed) throw new Error("'{' is not closed");
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
    if (!match) throw new Error(`unexpected ${JSON.stringify(text.slice(start).trim())}`);
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

/** Text of a Go string; unquoted text is returned as it is. */
function unquote(token: string): string {
  if (!token.startsWith('"')) return token;
  const string = unquoteGo(token);
  if (!string) throw new Error(`${token} is not a Go string: escape a backslash as \\\\ and a line break as \\n`);
  if (string.bytes) throw new Error(`${token} is not valid UTF-8`);
  return string.value;
}
