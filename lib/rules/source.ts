import type { Finding, Place } from '../checks/findings';

/** Finds the place of a field of a rule, group or file, and of an offset in the field's text. */
export type Locate = (field: readonly string[], offset?: number) => Place;

/**
 * Where rules that were read from files come from. Symbols beside the model's fields, not fields of it: a rule from YAML
 * and one written in TypeScript are the same thing, and the place goes along with `{ ...rule, for: '5m' }`.
 */
const SOURCE = Symbol('source');
const READ_FINDINGS = Symbol('read findings');

interface Sourced {
  [SOURCE]?: Locate;
  [READ_FINDINGS]?: readonly Finding[];
}

/** The object, with the place that it was read from. */
export function withSource<T extends object>(object: T, locate: Locate): T {
  return Object.assign(object, { [SOURCE]: locate });
}

/**
 * The place of a rule, group or file, or of one of its fields; undefined for what was written in TypeScript.
 *
 * @param field path in the object, for instance `['labels', 'severity']` @default the object itself
 * @param offset UTF-16 offset in the field's text @default its start
 */
export function placeOf(object: object, field: readonly string[] = [], offset?: number): Place | undefined {
  return (object as Sourced)[SOURCE]?.(field, offset);
}

/** The file, with what was wrong when it was read; `checkRuleFiles` reports it with the rest. */
export function withReadFindings<T extends object>(file: T, findings: readonly Finding[]): T {
  return Object.assign(file, { [READ_FINDINGS]: findings });
}

/** What was wrong when the file was read; nothing for a file written in TypeScript. */
export function readFindingsOf(file: object): readonly Finding[] {
  return (file as Sourced)[READ_FINDINGS] ?? [];
}
