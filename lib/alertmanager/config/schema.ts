import type { Diagnosis } from '../../checks/findings';
import type { AlertmanagerVersion } from '../../versions/alertmanager';

/** Schema of a field of alertmanager.yml. Parsing, checks and the list of templates derive from it. */
export type Schema = Leaf | ListOf | MapOf | ObjectOf;

/** Differences between versions of Alertmanager; `schemaAt` returns the schema of one version. */
interface Versioned {
  /** Version that introduced the field. @default older than all supported versions */
  readonly since?: AlertmanagerVersion;
  /** Schema of the field before a version. @default the same in all versions */
  readonly before?: { readonly version: AlertmanagerVersion; readonly schema: Schema };
}

type LeafKind = 'string' | 'boolean' | 'integer' | 'number' | 'any';

export interface Leaf<Kind extends LeafKind = LeafKind> extends Versioned {
  readonly kind: Kind;
  /** Returns the problem of a text; undefined if it is valid. */
  readonly problem?: (text: string) => Diagnosis | undefined;
  /** Set for Go templates: `load` is parsed when Alertmanager starts, without Alertmanager's functions. */
  readonly template?: 'notify' | 'load';
  /** Set for credentials: `always`, or `url` for a URL that may contain one. */
  readonly secret?: 'always' | 'url';
}

export interface ListOf extends Versioned {
  readonly kind: 'list';
  readonly items: Schema;
}

export interface MapOf extends Versioned {
  readonly kind: 'map';
  readonly values: Schema;
  /** Returns the problem of a name; undefined if it is valid. */
  readonly nameProblem?: (name: string) => Diagnosis | undefined;
}

export interface ObjectOf extends Versioned {
  readonly kind: 'object';
  readonly fields: Readonly<Record<string, Schema>>;
  readonly rules: readonly FieldRule[];
  /** Schema of a string that may replace the object. @default none */
  readonly short?: Leaf;
  /** Fields that later versions introduced. */
  readonly newer?: {
    readonly version: AlertmanagerVersion;
    readonly fields: Readonly<Record<string, AlertmanagerVersion>>;
  };
}

/** Fields of an object, after the check of their types. */
// biome-ignore lint/suspicious/noExplicitAny: the compiler does not know the schema
export type Fields = Readonly<Record<string, any>>;

/** Returns a problem between the fields of an object; undefined if there is none. */
export interface FieldRule {
  (fields: Fields): FieldProblem | undefined;
  /** Version that introduced the rule. */
  readonly since?: AlertmanagerVersion;
  /** Version that dropped the rule. */
  readonly until?: AlertmanagerVersion;
}

export interface FieldProblem extends Diagnosis {
  /** Field at which it is reported. @default the object */
  readonly field?: string;
}

/** Kinds of schema for a TypeScript type. */
type SchemaFor<T> = unknown extends T ? Schema : SchemaForSet<NonNullable<T>>;
type SchemaForSet<T> = [T] extends [boolean]
  ? Leaf<'boolean'>
  : [T] extends [number]
    ? Leaf<'integer' | 'number'>
    : [T] extends [string]
      ? Leaf<'string'>
      : [T] extends [readonly unknown[]]
        ? ListOf
        : [T] extends [string | object]
          ? MapOf | ObjectOf | Leaf<'any'>
          : never;

/** A schema for every field of an interface, so that a field of one cannot be missing from the other. */
export type SchemasOf<T> = { readonly [Name in keyof T]-?: SchemaFor<T[Name]> };

/**
 * Schema of an object with every field of `T`, and `untyped` fields that the types leave out: secrets written in the
 * file.
 *
 * Without `T`, any fields may be given.
 */
export function object<T = Readonly<Record<string, unknown>>>(
  fields: NoInfer<SchemasOf<T>>,
  untyped: Readonly<Record<string, Schema>> = {},
  rules: readonly FieldRule[] = [],
): ObjectOf {
  return { kind: 'object', fields: { ...(fields as Readonly<Record<string, Schema>>), ...untyped }, rules };
}

/** A field that a version introduced. */
export function since<S extends Schema>(version: AlertmanagerVersion, schema: S): S {
  return { ...schema, since: version };
}

/** A field whose schema a version changed. */
export function changed<S extends Schema>(version: AlertmanagerVersion, before: Schema, after: S): S {
  return { ...after, before: { version, schema: before } };
}

export const list = (items: Schema): ListOf => ({ kind: 'list', items });
export const map = (values: Schema, nameProblem?: MapOf['nameProblem']): MapOf => ({
  kind: 'map',
  values,
  nameProblem,
});
/** A string with a check of its form. */
export const text = (problem: Leaf['problem']): Leaf<'string'> => ({ kind: 'string', problem });

export const string: Leaf<'string'> = { kind: 'string' };
export const boolean: Leaf<'boolean'> = { kind: 'boolean' };
export const integer: Leaf<'integer'> = { kind: 'integer' };
export const number: Leaf<'number'> = { kind: 'number' };
export const any: Leaf<'any'> = { kind: 'any' };
/** A Go template that is rendered for every notification. */
export const template: Leaf<'string'> = { kind: 'string', template: 'notify' };
/** Any value whose strings are templates. */
export const templates: Leaf<'any'> = { kind: 'any', template: 'notify' };
/** A credential; it belongs in a file. */
export const secret: Leaf<'string'> = { kind: 'string', secret: 'always' };

/** Returns whether a value is set for Alertmanager: null and Go's zero values count as absent. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false && value !== 0;
}

/** At most one of these fields may be set. */
export function atMostOne(...names: readonly string[]): FieldRule {
  return (fields) => {
    const [, second] = names.filter((name) => isSet(fields[name]));
    return second === undefined
      ? undefined
      : { field: second, problem: `only one of ${listed(names)} is supported`, fix: 'remove the others' };
  };
}

/** At least one of these fields must be set. */
export function atLeastOne(...names: readonly string[]): FieldRule {
  return (fields) =>
    names.some((name) => isSet(fields[name]))
      ? undefined
      : names.length === 1
        ? { problem: `missing field "${names[0]}"`, fix: 'add it' }
        : { problem: `none of ${listed(names)} is set`, fix: 'set one of them' };
}

/** A rule that is broken if a predicate is true. */
export function rule(broken: (fields: Fields) => boolean, wrong: Diagnosis, field?: string): FieldRule {
  return (fields) => (broken(fields) ? { field, ...wrong } : undefined);
}

/** A rule that only applies to some versions. */
export function ruleForVersions(versions: Pick<FieldRule, 'since' | 'until'>, rule: FieldRule): FieldRule {
  return Object.assign((fields: Fields) => rule(fields), versions);
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
