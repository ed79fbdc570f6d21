import { RE2JS } from 're2js';
import { cached } from '../text/cached';
import { isPlainRegexp, matchesEmptyText } from './plain-regexp';
import type { StringLiteral } from './syntax';
import { type RegexpDialect, translateClasses } from './unicode-classes';

/** A compiled regular expression, or why Go refuses it. */
export type RegexpResult = { readonly regexp: RE2JS; readonly duplicateName?: string } | { readonly error: string };

/** Maximum nesting of groups in Go. */
const MAX_NESTING = 1000;

const META_CHARACTERS = /[\\.+*?()|[\]{}^$]/;

/**
 * Compiles a regular expression as Go does (RE2).
 *
 * @param flags flags of re2js
 */
export function compileRegexp(
  { value, bytes }: Pick<StringLiteral, 'value' | 'bytes'>,
  dialect: RegexpDialect = 'grafana',
  flags = 0,
): RegexpResult {
  if (bytes) {
    return { error: 'invalid UTF-8' };
  }
  if (isPlain(value, flags)) {
    return {
      get regexp() {
        return valid(value, flags);
      },
    };
  }
  const pattern = translateClasses(value, dialect);
  const result = tryCompile(pattern, flags);
  const [, duplicateName] = ('error' in result && /^duplicate capture group name: `(\w+)`/.exec(result.error)) || [];
  // Go allows two groups with the same name.
  return duplicateName ? { ...tryCompile(pattern.replace(/\(\?P?<\w+>/g, '('), flags), duplicateName } : result;
}

type Compiled = { readonly regexp: RE2JS } | { readonly error: string };

// Several checks compile the same expression of a rule, about ten times in all.
const tryCompile = cached(compile);
const isPlain = cached(isPlainRegexp);
const plainMatchesEmpty = cached(matchesEmptyText);

/** Returns the compiled form of a pattern that is known to be valid. */
function valid(pattern: string, flags: number): RE2JS {
  const result = tryCompile(pattern, flags);
  if ('error' in result) throw new Error(`${pattern} is not a plain regular expression: ${result.error}`);
  return result.regexp;
}

function compile(pattern: string, flags: number): Compiled {
  try {
    return { regexp: RE2JS.compile(pattern, flags) };
  } catch (error) {
    return { error: error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error) };
  }
}

/** Values that the regular expression of a label matcher matches. */
export interface CompiledMatcher {
  readonly matchesEmpty: boolean;
  matches(value: string): boolean;
}

/**
 * Compiles the regular expression of a label matcher, which must match the whole value.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.12.0/model/labels/regexp.go
 */
export function compileMatcher(text: StringLiteral): CompiledMatcher | { readonly error: string } {
  const alternatives = text.value.split('|');
  // Plain words joined by `|` are compared, not compiled, so that even invalid UTF-8 is accepted.
  if (!alternatives.some((alternative) => META_CHARACTERS.test(alternative))) {
    return { matchesEmpty: alternatives.includes(''), matches: (value) => alternatives.includes(value) };
  }
  const plain = !text.bytes && isPlain(text.value, RE2JS.DOTALL);
  const compiled = compileRegexp(text, 'grafana', RE2JS.DOTALL);
  // The anchors that are added can exceed the maximum nesting.
  const isLong = text.value.length > MAX_NESTING && !plain;
  const anchored = isLong ? compileRegexp({ value: `^(?s:${text.value})$` }) : compiled;
  const result = 'error' in anchored && anchored.error.includes('nests too deeply') ? anchored : compiled;
  if ('error' in result) return result;
  const matches = (value: string) =>
    value === '' && plain ? plainMatchesEmpty(text.value, RE2JS.DOTALL) : result.regexp.matcher(value).matches();
  return {
    get matchesEmpty() {
      return matches('');
    },
    matches,
  };
}

/** Names of the capture groups. */
export function captureNames(regexp: RE2JS): string[] {
  return Object.keys(regexp.namedGroups());
}

/** True if Go accepts a regular expression. */
export function isRegexp(value: string): boolean {
  return !('error' in compileRegexp({ value }));
}

/** True if a regular expression, which must be valid, matches the whole text. */
export function matchesWhole(value: string, text: string): boolean {
  const result = compileRegexp({ value });
  return 'regexp' in result && result.regexp.matches(text);
}

/** Texts in which each of Go's assertions (`^`, `$`, `\b`, `\B`) matches somewhere. */
const PROBES = ['', 'a', ' ', 'a b', 'aa'];

/** True if a regular expression matches without a character: a replacement would be inserted into every text. */
export function matchesNothing(regexp: RE2JS): boolean {
  return PROBES.some((probe) => {
    const matcher = regexp.matcher(probe);
    while (matcher.find()) if (matcher.start() === matcher.end()) return true;
    return false;
  });
}
