import { Scalar } from 'yaml';
import type { Place } from '../checks/findings';
import type { SourceText } from './source';

const SPACE = /[ \t\r\n]/;

/** Lengths of the escape sequences in a double-quoted string that are not two characters long. */
const ESCAPE_LENGTHS: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/** Escape sequences for white space, or for nothing: a continued line. */
const SPACE_ESCAPES = 'nrt \t\r\nvfNLP_';

/** Place of an offset in a scalar's value, exact if the file contains the text unchanged. */
export function scalarPlace(source: SourceText, scalar: Scalar, offset: number): Place {
  const start = scalar.range?.[0];
  return source.placeAt(start === undefined ? 0 : textOffset(source.text, scalar, start, offset));
}

/**
 * Returns the offset in the file for an offset in a scalar's value. YAML changes white space (indentation, folding) and
 * escape sequences, so the other characters are matched one by one. If that fails, it returns the start of the scalar.
 *
 * @param start offset of the scalar in the file
 */
function textOffset(file: string, scalar: Scalar, start: number, offset: number): number {
  const value = String(scalar.value);
  let at = contentStart(file, scalar, start);
  for (let i = 0; i <= offset && i < value.length; i++) {
    if (SPACE.test(value[i] as string)) continue;
    at = skipSpace(file, at, scalar.type);
    if (i === offset) return at;
    const length = lengthOf(file, at, value[i] as string, scalar.type);
    if (length === 0) return start;
    at += length;
  }
  return at;
}

function contentStart(file: string, { type }: Scalar, start: number): number {
  if (type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED) return file.indexOf('\n', start) + 1;
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE ? start + 1 : start;
}

function skipSpace(file: string, from: number, type: Scalar['type']): number {
  for (let at = from; ; ) {
    if (at < file.length && SPACE.test(file[at] as string)) at++;
    else if (type === Scalar.QUOTE_DOUBLE && file[at] === '\\' && SPACE_ESCAPES.includes(file[at + 1] ?? '\\')) at += 2;
    else return at;
  }
}

/** Number of characters in the file for one character of the value; 0 if they do not match. */
function lengthOf(file: string, at: number, character: string, type: Scalar['type']): number {
  if (type === Scalar.QUOTE_DOUBLE && file[at] === '\\') return ESCAPE_LENGTHS[file[at + 1] ?? ''] ?? 2;
  if (file[at] !== character) return 0;
  return type === Scalar.QUOTE_SINGLE && character === "'" ? 2 : 1;
}
