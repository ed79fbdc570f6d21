/** A place in a file, lines and columns from 1, columns in UTF-16 code units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Finds the place of a field of a rule, group or file, and of an offset in the field's text. */
export type Locate = (field: readonly string[], offset?: number) => Place;

/**
 * Where rules that were read from files come from. Kept beside the model, not in it: a rule from YAML and one written in
 * TypeScript are the same thing, and the place goes with the object wherever it is passed.
 */
const sources = new WeakMap<object, Locate>();

/** Remembers where a rule, group or file was read. */
export function setSource(object: object, locate: Locate): void {
  sources.set(object, locate);
}

/**
 * The place of a rule, group or file, or of one of its fields; undefined for what was written in TypeScript.
 *
 * @param field path in the object, for instance `['labels', 'severity']` @default the object itself
 * @param offset UTF-16 offset in the field's text @default its start
 */
export function placeOf(object: object, field: readonly string[] = [], offset?: number): Place | undefined {
  return sources.get(object)?.(field, offset);
}
