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
  "'": "'",
};

const PIECE = /([^\\\n]+)|\\(?:([abfnrtv\\"'])|([0-7]{3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/y;

const MAX_CODE_POINT = 0x10ffff;

/** Text of a Go string; `bytes` if they are not valid UTF-8. */
export interface GoString {
  readonly value: string;
  readonly bytes?: Uint8Array;
}

/**
 * Parses a Go string literal: `"…"`, backticks, or one character in `'…'`.
 *
 * @param surrogates `refused` like `strconv.Unquote`; `replaced` by U+FFFD like `strutil.Unquote` of Prometheus, which
 * Loki uses for LogQL
 * @returns undefined if Go returns an error
 */
export function unquoteGo(literal: string, surrogates: 'refused' | 'replaced' = 'refused'): GoString | undefined {
  const [quote = ''] = literal;
  const inner = literal.slice(1, -1);
  if (literal.length < 2 || !literal.endsWith(quote)) return undefined;
  if (quote === '`') return inner.includes('`') ? undefined : { value: inner };
  if (quote !== '"' && quote !== "'") return undefined;
  const pieces: (string | number)[] = [];
  PIECE.lastIndex = 0;
  for (let at = 0; at < inner.length; at = PIECE.lastIndex) {
    const match = PIECE.exec(inner);
    const piece = match && pieceOf(match, quote, surrogates);
    if (piece === undefined || piece === null) return undefined;
    pieces.push(piece);
  }
  if (quote === "'" && (pieces.length !== 1 || (typeof pieces[0] === 'string' && [...pieces[0]].length !== 1))) {
    return undefined;
  }
  if (pieces.every((piece) => typeof piece === 'string')) return { value: pieces.join('') };
  const bytes = Buffer.concat(
    pieces.map((piece) => (typeof piece === 'number' ? Buffer.of(piece) : Buffer.from(piece))),
  );
  const value = bytes.toString('utf8');
  return isUtf8(bytes) ? { value } : { value, bytes };
}

/** Returns the offset in a literal of each UTF-16 unit of its text; that of the start for all if it has single bytes. */
export function offsetsInGoString(literal: string, { value }: GoString): readonly number[] {
  if (literal.startsWith('`')) return Array.from({ length: value.length }, (_, i) => i + 1);
  const offsets: number[] = [];
  PIECE.lastIndex = 0;
  const inner = literal.slice(1, -1);
  for (let at = 0; at < inner.length; at = PIECE.lastIndex) {
    const match = PIECE.exec(inner);
    const piece = match && pieceOf(match, literal.slice(0, 1), 'replaced');
    if (typeof piece !== 'string') return Array.from({ length: value.length }, () => 0);
    const isPlain = match?.[1] !== undefined;
    for (let i = 0; i < piece.length; i++) offsets.push(at + 1 + (isPlain ? i : 0));
  }
  return offsets;
}

/** Returns a text or a byte; undefined for an invalid escape, such as `\400` or `\U00110000`. */
function pieceOf(
  [, plain, simple, octal, byte, short, long]: RegExpExecArray,
  quote: string,
  surrogates: 'refused' | 'replaced',
): string | number | undefined {
  if (plain !== undefined) return plain.includes(quote) ? undefined : plain;
  if (simple !== undefined) return /["']/.test(simple) && simple !== quote ? undefined : SIMPLE_ESCAPES[simple];
  if (octal !== undefined || byte !== undefined) {
    const value = octal === undefined ? Number.parseInt(byte ?? '', 16) : Number.parseInt(octal, 8);
    return value > 0xff ? undefined : value;
  }
  const code = Number.parseInt(short ?? long ?? '', 16);
  if (code > MAX_CODE_POINT) return undefined;
  if (code < 0xd800 || code > 0xdfff) return String.fromCodePoint(code);
  return surrogates === 'refused' ? undefined : '\ufffd';
}

/** Returns a text as a Go string in double quotes. */
export function goString(text: string): string {
  return JSON.stringify(text);
}

/** Returns a text as a Go string between backticks, which needs no escapes, or in double quotes if it has backticks. */
export function goRawString(text: string): string {
  // Go leaves carriage returns out of raw strings.
  return /[`\r]/.test(text) ? goString(text) : `\`${text}\``;
}
