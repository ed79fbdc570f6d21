/**
 * Parses letters, numbers and sizes like Go. Loki's lexer uses Go's libraries, which decide whether `1_000`, `0x10` or
 * `5KiB` is valid.
 */

const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;
const NUMBER = /^\p{N}$/u;
/** Letters and digits of Unicode 15.1 to 17, which Node supports and Go 1.26 (Unicode 15.0) does not. */
const AFTER_UNICODE_15 = [
  '88f c5c cdc 1c89-1c8a a7cb-a7cf a7d2 a7d4 a7da-a7dc a7f1 105c0-105f3 10940-10959 10d40-10d49 10d4a-10d65',
  '10d6f-10d85 10ec2-10ec7 11380-11389 1138b 1138e 11390-113b5 113b7 113d1 113d3 116d0-116e3 11bc0-11be0',
  '11bf0-11bf9 11db0-11ddb 11de0-11de9 13460-143fa 16100-1611d 16130-16139 16d40-16d6c 16d70-16d79 16ea0-16eb8',
  '16ebb-16ed3 16ff2-16ff6 187f8-187ff 18cff 18d09-18d1e 18d80-18df2 1ccf0-1ccf9 1e5d0-1e5ed 1e5f0-1e5fa',
  '1e6c0-1e6de 1e6e0-1e6e2 1e6e4-1e6e5 1e6e7-1e6ed 1e6f0-1e6f4 1e6fe-1e6ff 2b73a-2b73f 2cea2-2cead 2ebf0-2ee5d',
  '323b0-33479',
]
  .join(' ')
  .split(' ')
  .map((range) => range.split('-').map((code) => Number.parseInt(code, 16)));

function isNewer(code: number): boolean {
  return AFTER_UNICODE_15.some(([first = 0, last = first]) => code >= first && code <= last);
}

/** White space according to `unicode.IsSpace`, as the inside of a character class. */
export const SPACE_CLASS = String.raw`\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

const SPACE = new RegExp(`^[${SPACE_CLASS}]$`);

function isAsciiLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

/** unicode.IsLetter */
export function isLetter(code: number): boolean {
  return code < 0x80 ? isAsciiLetter(code) : LETTER.test(String.fromCodePoint(code)) && !isNewer(code);
}

/** '0' to '9' */
export function isDecimal(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** unicode.IsDigit */
export function isDigit(code: number): boolean {
  return code < 0x80 ? isDecimal(code) : DIGIT.test(String.fromCodePoint(code)) && !isNewer(code);
}

/** unicode.IsNumber */
export function isNumber(code: number): boolean {
  return code < 0x80 ? isDecimal(code) : NUMBER.test(String.fromCodePoint(code)) && !isNewer(code);
}

/** unicode.IsSpace */
export function isSpace(code: number): boolean {
  return code >= 0 && SPACE.test(String.fromCodePoint(code));
}

/** strings.ToLower: maps each rune to one rune. JavaScript maps U+0130 to two. */
export function toLower(text: string): string {
  return text.replaceAll('\u0130', 'i').toLowerCase();
}

const DECIMAL_FLOAT = /^[+-]?(?:[\d_]*\d[\d_]*\.?[\d_]*|[\d_]*\.[\d_]*\d[\d_]*)(?:e[+-]?\d[\d_]*)?$/i;
const HEX_FLOAT = /^[+-]?0x([\da-f_]*)\.?([\da-f_]*)p([+-]?\d[\d_]*)$/i;

/**
 * strconv.ParseFloat(text, 64).
 *
 * @returns undefined if Go returns an error: invalid syntax, or out of range
 */
export function parseFloat64(text: string): number | undefined {
  if (text.includes('_') && !underscoresSeparateDigits(text)) {
    return undefined;
  }
  const hex = HEX_FLOAT.exec(text);
  const value = hex ? hexFloat(hex) : DECIMAL_FLOAT.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

function hexFloat([text, whole = '', fraction = '', exponent = '']: RegExpExecArray): number {
  const digits = (whole + fraction).replaceAll('_', '');
  if (digits === '') {
    return Number.NaN;
  }
  const shift = Number(exponent.replaceAll('_', '')) - 4 * fraction.replaceAll('_', '').length;
  const mantissa = Number(BigInt(`0x${digits}`));
  // In two steps, so that a large mantissa with a very negative exponent does not underflow.
  const value = mantissa * 2 ** Math.trunc(shift / 2) * 2 ** (shift - Math.trunc(shift / 2));
  return mantissa === 0 ? 0 : text.startsWith('-') ? -value : value;
}

/** Go only allows `_` between digits, or after a base prefix. */
function underscoresSeparateDigits(text: string): boolean {
  const number = text.replace(/^[+-]/, '');
  const prefix = /^0[box]/i.test(number);
  const digit = /^0x/i.test(number) ? '[\\da-f]' : '\\d';
  const body = prefix ? `0${number.slice(2)}` : number;
  return !new RegExp(`(?<!${digit})_|_(?!${digit})`, 'i').test(body);
}

/** strconv.Atoi: a 64-bit decimal integer, undefined if Go returns an error. */
export function parseInteger(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) {
    return undefined;
  }
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? Number(value) : undefined;
}

const KIBI = 1024;
const BYTE_UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ...['k', 'm', 'g', 't', 'p'].flatMap((letter, index): [string, number][] => [
    [letter, 1000 ** (index + 1)],
    [`${letter}b`, 1000 ** (index + 1)],
    [`${letter}i`, KIBI ** (index + 1)],
    [`${letter}ib`, KIBI ** (index + 1)],
  ]),
]);

/** humanize.ParseBytes: `5KB`, `1.5MiB`; undefined if it returns an error. */
export function parseBytes(text: string): number | undefined {
  const [, number = '', unit = ''] = /^([\p{Nd}.,]*)(.*)$/su.exec(text) ?? [];
  const value = parseFloat64(number.replaceAll(',', ''));
  const factor = BYTE_UNITS.get(toLower(unit));
  if (value === undefined || factor === undefined || value * factor >= 2 ** 64) {
    return undefined;
  }
  return Math.floor(value * factor);
}
