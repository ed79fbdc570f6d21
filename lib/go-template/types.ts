import type { ComputedText } from './computed-text';

/** A type of Go, as far as templates distinguish it. */
export interface GoType {
  /** Name in messages; types of the same name are the same type. */
  readonly name: string;
  readonly kind: 'string' | 'bool' | 'int' | 'float' | 'struct' | 'map' | 'list' | 'nil' | 'any';
  /** Unnamed type that values can be assigned to and from. @default none */
  readonly plain?: string;
  /** Type of the elements. @default none, it is not a list or map */
  readonly items?: GoType;
  /** @default none */
  readonly fields?: Readonly<Record<string, GoType>>;
  /** @default none */
  readonly methods?: Readonly<Record<string, GoFunction>>;
  /** Keys that a map can have. @default any */
  readonly keys?: ReadonlySet<string>;
  /** True if `eq` cannot compare values. @default false */
  readonly incomparable?: boolean;
}

/** A function or method that templates can call. */
export interface GoFunction {
  readonly params: readonly GoType[];
  /** Type of any number of further arguments. @default none */
  readonly rest?: GoType;
  /** @default none, it returns several values, so that templates cannot call it */
  readonly result?: GoType;
  /** Returns the error for these constant arguments; others are undefined. @default none */
  readonly problem?: (constants: readonly (string | undefined)[]) => string | undefined;
  /** Returns the key that it reads, and of which map. @default none */
  readonly reads?: (args: readonly GoValue[]) => { readonly key: GoValue; readonly of: GoType } | undefined;
  /** Returns the type of the result of these arguments. @default `result` */
  readonly resultOf?: (args: readonly GoValue[]) => GoType;
}

/** A value in a template: its type, and its text as far as it is known. */
export interface GoValue {
  readonly type: GoType;
  /** Text of a string, or of a constant number. @default unknown */
  readonly text?: ComputedText;
  /** Label of an alert or a sample that it is. @default none */
  readonly label?: string;
}

export const STRING: GoType = { name: 'string', kind: 'string' };
export const BOOL: GoType = { name: 'bool', kind: 'bool' };
export const INT: GoType = { name: 'int', kind: 'int' };
export const FLOAT: GoType = { name: 'float64', kind: 'float' };
/** Value of a missing argument, and of its fields. */
export const NIL: GoType = { name: 'nil', kind: 'nil' };
/** A type that is only known when the template is executed. */
export const ANY: GoType = { name: 'any value', kind: 'any' };

/** Parameter for a list of any type. */
export const LIST: GoType = { name: 'a list', kind: 'list' };

/** A list without methods. */
export function listOf(items: GoType): GoType {
  const name = `[]${items === ANY ? 'any' : items.name}`;
  return { name, kind: 'list', items, plain: name, incomparable: true };
}

/** A function with a fixed number of parameters. */
export function func(
  params: readonly GoType[],
  result: GoType | undefined,
  more: Partial<GoFunction> = {},
): GoFunction {
  return { params, result, ...more };
}

/** True if Go can pass a value as an argument, or if it is only known when the template is executed. */
export function isAssignable(value: GoType, to: GoType): boolean {
  if (value.kind === 'any' || to.kind === 'any') return true;
  if (value.kind === 'nil') return isNilable(to);
  if (to === LIST) return value.kind === 'list';
  return value.name === to.name || value.plain === to.name || (to.plain !== undefined && to.plain === value.name);
}

/** True if nil is a value of the type. */
export function isNilable({ kind }: GoType): boolean {
  return kind === 'any' || kind === 'map' || kind === 'list' || kind === 'nil';
}
