import { isUtf8 } from 'node:buffer';

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

const MAX_CODE_POINT = 0x10ffff;

/**
 * The text of a LogQL string: Prometheus's `strutil.Unquote`. The scanner has seen to it that the escapes are well
 * formed; what is left to refuse are numbers that are too large.
 *
 * @param literal with its quotes, `"…"` or backticks
 * @returns undefined for an escape that stands for no character, like `\400` or `\U00110000`
 */
export function unquote(literal: string): { readonly value: string; readonly bytes?: Uint8Array } | undefined {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`') || !inner.includes('\\')) {
    return { value: inner };
  }
  const parts: Buffer[] = [];
  for (const [, plain, simple, octal, byte, short, long] of inner.matchAll(
    /([^\\]+)|\\(?:([abfnrtv\\"])|([0-7]{3})|x(.{2})|u(.{4})|U(.{8}))/gsu,
  )) {
    const number = octal ? Number.parseInt(octal, 8) : Number.parseInt(byte ?? short ?? long ?? '0', 16);
    if (number > (octal ? 0xff : MAX_CODE_POINT)) {
      return undefined;
    }
    const isByte = octal !== undefined || byte !== undefined;
    const text = plain ?? SIMPLE_ESCAPES[simple ?? ''] ?? String.fromCodePoint(number);
    // A lone half of a surrogate pair becomes U+FFFD in both languages.
    parts.push(isByte ? Buffer.of(number) : Buffer.from(text, 'utf8'));
  }
  const bytes = Buffer.concat(parts);
  const value = bytes.toString('utf8');
  return isUtf8(bytes) ? { value } : { value, bytes };
}
