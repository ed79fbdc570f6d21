import type { AlertmanagerVersion } from '../../versions/alertmanager';
import type { Wrong } from './config-findings';

/** Contents of a field of alertmanager.yml, as data: reading, checking and the list of templates follow it. */
export type Schema = Leaf | ListOf | MapOf | ObjectOf;

/** What the versions of Alertmanager differ in; `schemaAt` takes the schema of one of them. */
interface Versioned {
  /** Version that brought the field. @default older than all that are known here */
  readonly since?: AlertmanagerVersion;
  /** Schema of the same field before a version. @default the same in all versions */
  readonly before?: { readonly version: AlertmanagerVersion; readonly schema: Schema };
}

type LeafKind = 'string' | 'boolean' | 'integer' | 'number' | 'any';

export interface Leaf<Kind extends LeafKind = LeafKind> extends Versioned {
  readonly kind: Kind;
  /** Returns what is wrong with the text, and what to write instead; undefined when nothing is. */
  readonly problem?: (text: string) => Wrong | undefined;
  /** Set for Go templates: `load` is parsed when Alertmanager starts, without its own functions. */
  readonly template?: 'notify' | 'load';
  /** Set where Alertmanager takes a credential: `always`, or only where the URL holds one. */
  readonly secret?: 'always' | 'url';
}

export interface ListOf extends Versioned {
  readonly kind: 'list';
  readonly items: Schema;
}

export interface MapOf extends Versioned {
  readonly kind: 'map';
  readonly values: Schema;
  /** What is wrong with a name. */
  readonly nameProblem?: (name: string) => Wrong | undefined;
}

export interface ObjectOf extends Versioned {
  readonly kind: 'object';
  readonly fields: Readonly<Record<string, Schema>>;
  readonly rules: readonly FieldRule[];
  /** Text instead of the object. */
  readonly short?: Leaf;
  /** Fields of newer versions than the one whose schema this is. */
  readonly newer?: {
    readonly version: AlertmanagerVersion;
    readonly fields: Readonly<Record<string, AlertmanagerVersion>>;
  };
}

/** The fields of an object, whose types were checked. */
// biome-ignore lint/suspicious/noExplicitAny: what the schema has checked is not known to the compiler
export type Fields = Readonly<Record<string, any>>;

/** Returns what is wrong between the fields of one object, undefined when nothing is. */
export interface FieldRule {
  (fields: Fields): FieldProblem | undefined;
  /** Version that brought the rule. */
  readonly since?: AlertmanagerVersion;
  /** Version that dropped the rule. */
  readonly until?: AlertmanagerVersion;
}

export interface FieldProblem extends Wrong {
  /** The field that it is shown at. @default the object */
  readonly field?: string;
}

/** The kinds of schema that a TypeScript type may have. */
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
 * An object that has every field of `T`, and `untyped` ones that Alertmanager has and the types leave out: secrets
 * written in the file.
 *
 * Without `T` nothing is typed in TypeScript, and any fields may be given.
 */
export function object<T = Readonly<Record<string, unknown>>>(
  fields: NoInfer<SchemasOf<T>>,
  untyped: Readonly<Record<string, Schema>> = {},
  rules: readonly FieldRule[] = [],
): ObjectOf {
  return { kind: 'object', fields: { ...(fields as Readonly<Record<string, Schema>>), ...untyped }, rules };
}

/** A field that a version brought. */
export function since<S extends Schema>(version: AlertmanagerVersion, schema: S): S {
  return { ...schema, since: version };
}

/** A field whose contents a version changed. */
export function changed<S extends Schema>(version: AlertmanagerVersion, before: Schema, after: S): S {
  return { ...after, before: { version, schema: before } };
}

export const list = (items: Schema): ListOf => ({ kind: 'list', items });
export const map = (values: Schema, nameProblem?: MapOf['nameProblem']): MapOf => ({
  kind: 'map',
  values,
  nameProblem,
});
/** Text of a certain form. */
export const text = (problem: Leaf['problem']): Leaf<'string'> => ({ kind: 'string', problem });

export const string: Leaf<'string'> = { kind: 'string' };
export const boolean: Leaf<'boolean'> = { kind: 'boolean' };
export const integer: Leaf<'integer'> = { kind: 'integer' };
export const number: Leaf<'number'> = { kind: 'number' };
export const any: Leaf<'any'> = { kind: 'any' };
/** A Go template that is rendered for every notification. */
export const template: Leaf<'string'> = { kind: 'string', template: 'notify' };
/** Any value whose texts are templates. */
export const templates: Leaf<'any'> = { kind: 'any', template: 'notify' };
/** A credential; it belongs in a file. */
export const secret: Leaf<'string'> = { kind: 'string', secret: 'always' };

/** Whether Alertmanager sees a value: `''` and null count as absent to it. */
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

/** A rule in free form. */
export function rule(broken: (fields: Fields) => boolean, wrong: Wrong, field?: string): FieldRule {
  return (fields) => (broken(fields) ? { field, ...wrong } : undefined);
}

/** The same rule, from a version on or up to one. */
export function ruleOf(versions: Pick<FieldRule, 'since' | 'until'>, rule: FieldRule): FieldRule {
  return Object.assign((fields: Fields) => rule(fields), versions);
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
