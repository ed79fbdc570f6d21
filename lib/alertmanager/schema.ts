/** What may stand in a field of alertmanager.yml, as data: reading, checking and the list of templates follow it. */
export type Schema = Leaf | ListOf | MapOf | ObjectOf;

export interface Leaf {
  readonly kind: 'string' | 'boolean' | 'integer' | 'number' | 'any';
  /** What is wrong with the text, and what to write instead; undefined when nothing is. */
  readonly problem?: (text: string) => string | undefined;
  /** Set where a Go template may stand: `load` is parsed when Alertmanager starts, without its own functions. */
  readonly template?: 'notify' | 'load';
  /** Set where Alertmanager takes a credential: `always`, or only where the URL holds one. */
  readonly secret?: 'always' | 'url';
}

export interface ListOf {
  readonly kind: 'list';
  readonly items: Schema;
}

export interface MapOf {
  readonly kind: 'map';
  readonly values: Schema;
  /** What is wrong with a name. */
  readonly nameProblem?: (name: string) => string | undefined;
}

export interface ObjectOf {
  readonly kind: 'object';
  readonly fields: Readonly<Record<string, Schema>>;
  readonly rules: readonly FieldRule[];
  /** What may stand instead of the object. */
  readonly short?: Leaf;
}

/** The fields of an object, whose types were checked. */
// biome-ignore lint/suspicious/noExplicitAny: what the schema has checked is not known to the compiler
export type Fields = Readonly<Record<string, any>>;

/** What is wrong between the fields of one object, undefined when nothing is. */
export type FieldRule = (fields: Fields) => FieldProblem | undefined;

export interface FieldProblem {
  /** The field that it is shown at. @default the object */
  readonly field?: string;
  readonly problem: string;
}

/**
 * An object that has every field of `T`, and `untyped` ones that Alertmanager knows and the types leave out: secrets
 * written in the file.
 */
export function object<T>(
  fields: Readonly<Record<keyof T, Schema>>,
  untyped: Readonly<Record<string, Schema>> = {},
  rules: readonly FieldRule[] = [],
): ObjectOf {
  return { kind: 'object', fields: { ...(fields as Readonly<Record<string, Schema>>), ...untyped }, rules };
}

export const list = (items: Schema): ListOf => ({ kind: 'list', items });
export const map = (values: Schema, nameProblem?: MapOf['nameProblem']): MapOf => ({
  kind: 'map',
  values,
  nameProblem,
});
/** Text of a certain form. */
export const text = (problem: Leaf['problem']): Leaf => ({ kind: 'string', problem });

export const string: Leaf = { kind: 'string' };
export const boolean: Leaf = { kind: 'boolean' };
export const integer: Leaf = { kind: 'integer' };
export const number: Leaf = { kind: 'number' };
export const any: Leaf = { kind: 'any' };
/** A Go template that is rendered for every notification. */
export const template: Leaf = { kind: 'string', template: 'notify' };
/** Any value whose texts are templates. */
export const templates: Leaf = { kind: 'any', template: 'notify' };
/** A credential; it belongs in a file. */
export const secret: Leaf = { kind: 'string', secret: 'always' };

/** Whether Alertmanager sees a value: `''` and null count as absent to it. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false;
}

/** At most one of these fields may be set. */
export function atMostOne(...names: readonly string[]): FieldRule {
  return (fields) => {
    const [, second] = names.filter((name) => isSet(fields[name]));
    return second === undefined
      ? undefined
      : { field: second, problem: `only one of ${listed(names)} may be set: remove the others` };
  };
}

/** At least one of these fields must be set. */
export function atLeastOne(...names: readonly string[]): FieldRule {
  return (fields) =>
    names.some((name) => isSet(fields[name]))
      ? undefined
      : { problem: names.length === 1 ? `${names[0]} is missing: add it` : `one of ${listed(names)} must be set` };
}

/** A rule in free form. */
export function rule(broken: (fields: Fields) => boolean, problem: string, field?: string): FieldRule {
  return (fields) => (broken(fields) ? { field, problem } : undefined);
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
