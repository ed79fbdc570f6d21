import type { MatcherText, MatchOperator } from './text';

/** Name and operator, with whitespace around them as in Go's `\s`. */
const MATCHER = /^[\t\n\f\r ]*([a-zA-Z_:][a-zA-Z0-9_:]*)[\t\n\f\r ]*(=~|=|!=|!~)/;

/**
 * Parses matchers as Alertmanager did before UTF-8 names, and still does where the new parser fails.
 *
 * @throws Error with the reason if the text is invalid
 * Upstream: `pkg/labels/parse.go`.
 */
export function parseClassicMatchers(text: string): MatcherText[] {
  return splitAtCommas(text.replace(/^\{/, '').replace(/\}$/, '')).map(parseMatcher);
}

/** Ignores commas inside double quotes. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  let escaped = false;
  for (const character of text) {
    if (character === ',' && !quoted) {
      parts.push(part);
      part = '';
      continue;
    }
    if (character === '"' && !escaped) quoted = !quoted;
    // As upstream: a comma inside quotes leaves the escape open.
    if (character !== ',') escaped = character === '\\' ? !escaped : false;
    part += character;
  }
  const last = part.trim();
  return last === '' ? parts : [...parts, last];
}

function parseMatcher(text: string): MatcherText {
  const match = MATCHER.exec(text) as [string, string, MatchOperator] | null;
  if (!match) throw new Error(`${JSON.stringify(text)} is not of the form name="value"`);
  const [start, name, operator] = match;
  const raw = trim(text.slice(start.length));
  const quoted = raw.startsWith('"');
  const inner = quoted ? raw.slice(1) : raw;
  let value = '';
  let closed = false;
  for (let i = 0; i < inner.length; i++) {
    const last = i === inner.length - 1;
    const character = inner.charAt(i);
    if (character === '\\' && !last) {
      const next = inner.charAt(++i);
      value += next === 'n' ? '\n' : next === '"' || next === '\\' ? next : `\\${next}`;
    } else if (character === '"') {
      if (!quoted || !last) throw new Error(`double quote within the value ${raw}`);
      closed = true;
    } else {
      value += character;
    }
  }
  if (quoted && !closed) throw new Error(`the value ${raw} has no closing double quote`);
  return { name, operator, value };
}

/** Without a regular expression: one for the end would take quadratic time on long runs of spaces. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && '\t\n\f\r '.includes(text.charAt(start))) start += 1;
  while (end > start && '\t\n\f\r '.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
