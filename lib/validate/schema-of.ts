import type * as v from 'valibot';

/** Schemas of all props of an interface, required and optional. */
export type SchemaOf<T> = { readonly [K in keyof T]-?: v.GenericSchema };

/** Schema of an option that is always refused. */
export type Refused = v.GenericSchema & { readonly refused: true };

/**
 * Type errors of the schemas of an interface: each must accept exactly the type of its prop, and one without a prop
 * must be `Refused`.
 */
export type Tied<T, Entries> = {
  readonly [K in keyof Entries]: K extends keyof T
    ? Same<InputOf<Entries[K]>, T[K]> extends true
      ? unknown
      : { readonly 'the schema accepts': InputOf<Entries[K]>; readonly 'the prop has the type': T[K] }
    : Entries[K] extends Refused
      ? unknown
      : never;
};

/** An interface as a type whose props can be paths of `partialCheck`. */
export type Flat<T> = { [K in keyof T]: T[K] };

type InputOf<Schema> = Schema extends v.GenericSchema ? v.InferInput<Schema> : never;

type Same<A, B> = [Plain<A>, Plain<B>] extends [Plain<B>, Plain<A>] ? true : false;

/** A type without `readonly` and `?`: schemas have neither, and optional types still contain `undefined`. */
type Plain<T> = T extends (...args: never) => unknown
  ? T
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { -readonly [K in keyof T]-?: readonly [Plain<T[K]>] }
      : T;
