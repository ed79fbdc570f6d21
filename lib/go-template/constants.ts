import { parseFloat64 } from '../text/go';
import { unquoteGo } from '../text/go-string';

const INTEGER = /^[+-]?(?:0[xX](?:_?[\dA-Fa-f])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?\d)*)$/;

/** Returns whether strconv.Unquote accepts a `"…"` constant. */
export function isString(constant: string): boolean {
  return constant.startsWith('"') && unquoteGo(constant) !== undefined;
}

/** Returns whether Go accepts a `'…'` constant. */
export function isCharacter(constant: string): boolean {
  return constant.startsWith("'") && unquoteGo(constant) !== undefined;
}

/** Returns whether Go's templates accept a number: a 64-bit integer, a float or an imaginary number. */
export function isNumberLiteral(constant: string): boolean {
  if (constant.endsWith('i')) {
    return parseFloat64(constant.slice(0, -1)) !== undefined;
  }
  if (INTEGER.test(constant)) {
    const value = integerValue(constant);
    return value >= -(2n ** 63n) && value < (/^[+-]/.test(constant) ? 2n ** 63n : 2n ** 64n);
  }
  return /[.eEpP]/.test(constant) && parseFloat64(constant) !== undefined;
}

/** Returns whether Go accepts a complex number, `1+2i`. */
export function isComplex(constant: string): boolean {
  const [, real, imaginary] = /^(.+?(?<![eEpP]))([+-].+)i$/.exec(constant) ?? [];
  return [real, imaginary].every((part) => part !== undefined && parseFloat64(part) !== undefined);
}

function integerValue(constant: string): bigint {
  const digits = constant.replace(/^[+-]|_/g, '').replace(/^0(?=[0-7])/, '0o');
  return constant.startsWith('-') ? -BigInt(digits) : BigInt(digits);
}
