import type { Finding, Place } from '../checks/findings';

/** Finds the place of a field of a rule, group or file, and of an offset in the field's text. */
export type Locate = (field: readonly string[], offset?: number) => Place;

/**
 * Places of rules that were read from files. Symbols rather than fields of the model: a rule from YAML equals the same
 * rule in TypeScript, and a copy such as `{ ...rule, for: '5m' }` keeps its place.
 */
const SOURCE = Symbol('source');
const READ_FINDINGS = Symbol('read findings');

interface Sourced {
  [SOURCE]?: Locate;
  [READ_FINDINGS]?: readonly Finding[];
}

/** Adds the place that an object was read from. */
export function withSource<T extends object>(object: T, locate: Locate): T {
  return Object.assign(object, { [SOURCE]: locate });
}

/**
 * Returns the place of a rule, group or file, or of one of its fields; undefined if it was written in TypeScript.
 *
 * @param field path in the object, for instance `['labels', 'severity']` @default [], the object itself
 * @param offset UTF-16 offset in the field's text @default 0
 */
export function placeOf(object: object, field: readonly string[] = [], offset?: number): Place | undefined {
  return (object as Sourced)[SOURCE]?.(field, offset);
}

/** Adds the findings from reading a file; `checkRuleFiles` reports them with its own. */
export function withReadFindings<T extends object>(file: T, findings: readonly Finding[]): T {
  return Object.assign(file, { [READ_FINDINGS]: findings });
}

/** Findings from reading a file; none for a file written in TypeScript. */
export function readFindingsOf(file: object): readonly Finding[] {
  return (file as Sourced)[READ_FINDINGS] ?? [];
}
