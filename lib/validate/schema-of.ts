import type * as v from 'valibot';

/** Schemas of all props of an interface, required ones and optional ones. */
export type SchemaOf<T> = { readonly [K in keyof T]-?: v.GenericSchema };

/** Schema of an option that is only there to be refused. */
export type Refused = v.GenericSchema & { readonly refused: true };

/**
 * What is wrong with the schemas of an interface: nothing if each accepts what the type of its prop says, no more and no
 * less, and if those without a prop are refused.
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

/** An interface as a type that schemas between several props can name parts of. */
export type Flat<T> = { [K in keyof T]: T[K] };

type InputOf<Schema> = Schema extends v.GenericSchema ? v.InferInput<Schema> : never;

type Same<A, B> = [Plain<A>, Plain<B>] extends [Plain<B>, Plain<A>] ? true : false;

/** A type without `readonly` and `?`: a schema has neither, and what is optional holds `undefined` all the same. */
type Plain<T> = T extends (...args: never) => unknown
  ? T
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { -readonly [K in keyof T]-?: readonly [Plain<T[K]>] }
      : T;
