import { offsetsInGoString, unquoteGo } from '../text/go-string';
import type { Constant } from './ast';
import { type ComputedText, known } from './computed-text';
import { BOOL, FLOAT, type GoType, type GoValue, INT, isNilable, NIL, STRING } from './types';

/** Returns why a function cannot have a number of arguments. */
export function countProblem(name: string, count: number, min: number, max: number): string | undefined {
  if (count >= min && count <= max) return undefined;
  const expected = min === max ? `${min}` : count < min ? `at least ${min}` : `at most ${max}`;
  return `${name} expects ${expected} ${expected.endsWith(' 1') || expected === '1' ? 'argument' : 'arguments'}, got ${count}`;
}

/** True if a constant can be an argument of a type; Go converts constants, but not values. */
export function fits({ type }: Constant, { kind, ...wanted }: GoType): boolean {
  if (type === 'nil') return isNilable({ kind, ...wanted });
  if (kind === 'any') return true;
  return type === 'number' ? kind === 'int' || kind === 'float' : kind === type;
}

/** Type of a constant. */
export function constantType({ type, text }: Constant): GoType {
  if (type === 'string') return STRING;
  if (type === 'bool') return BOOL;
  if (type === 'nil') return NIL;
  return /^[^']*[.eEpP]/.test(text) && !/^[+-]?0[xX][^pP]*$/.test(text) ? FLOAT : INT;
}

/** Text of a constant string or number, with its places. */
export function constantText({ type, text, from }: Constant): ComputedText | undefined {
  if (type === 'number') return known(text, from);
  const value = type === 'string' ? unquoteGo(text) : undefined;
  return (
    value &&
    known(
      value.value,
      offsetsInGoString(text, value).map((offset) => from + offset),
    )
  );
}

/** Text of a string without unknown values. */
export function constantOf(value: GoValue | undefined): string | undefined {
  return value?.type.kind === 'string' && value.text?.values.length === 0 ? value.text.text : undefined;
}
