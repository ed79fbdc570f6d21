import type { CompiledMatcher } from './matchers';

/** A regular expression that is a list of words. */
const WORDS = /^[^\\.+*?()[\]{}^$]*$/;

/** Returns whether every alert that matches all of `given` matches `wanted` too; false if unknown. */
export function implies(given: readonly CompiledMatcher[], wanted: CompiledMatcher): boolean {
  const same = given.filter(({ name }) => name === wanted.name);
  const values = possibleValues(same);
  if (values) return values.every(wanted.accepts);
  const refuses = (value: string) => same.some(({ accepts }) => !accepts(value));
  const { operator, value } = wanted;
  if (same.some((matcher) => matcher.operator === operator && matcher.value === value)) return true;
  if (operator === '!=') return refuses(value);
  if (operator === '!~') return words(value)?.every(refuses) ?? false;
  if (operator === '=~') return value === '.*' || (value === '.+' && refuses(''));
  return false;
}

/** Returns whether no alert can match all of the matchers; false if unknown. */
export function contradict(matchers: readonly CompiledMatcher[]): boolean {
  const names = new Set(matchers.map(({ name }) => name));
  return [...names].some((label) => possibleValues(matchers.filter(({ name }) => name === label))?.length === 0);
}

/** The values that a label may have, undefined if they cannot be listed. All matchers are for this label. */
function possibleValues(matchers: readonly CompiledMatcher[]): readonly string[] | undefined {
  for (const { operator, value } of matchers) {
    const listed = operator === '=' ? [value] : operator === '=~' ? words(value) : undefined;
    if (listed) return listed.filter((word) => matchers.every(({ accepts }) => accepts(word)));
  }
  return undefined;
}

/** Words of `a`, `a|b`, `(a|b)`, and of `^(?:a|b)$`, the form of `match_re`. */
function words(pattern: string): readonly string[] | undefined {
  const inner = /^\^?\((?:\?:)?(.*)\)\$?$/s.exec(pattern)?.[1] ?? pattern;
  return WORDS.test(inner) ? inner.split('|') : undefined;
}
