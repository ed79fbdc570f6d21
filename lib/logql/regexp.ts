import { RE2JS } from 're2js';
import type { StringLiteral } from './syntax';

/** A compiled regular expression, or why Go refuses it. */
export type RegexpResult = { readonly regexp: RE2JS } | { readonly error: string };

const META_CHARACTERS = /[\\.+*?()|[\]{}^$]/;

/** Compiles a regular expression as Go does (RE2). */
export function compileRegexp({ value, bytes }: Pick<StringLiteral, 'value' | 'bytes'>): RegexpResult {
  if (bytes) {
    return { error: 'invalid UTF-8' };
  }
  try {
    return { regexp: RE2JS.compile(value) };
  } catch (error) {
    return { error: error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error) };
  }
}

/**
 * Compiles the regular expression of a label matcher, which must match the whole value, and tells whether it matches
 * the empty one.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.12.0/model/labels/regexp.go
 */
export function compileMatcher(text: StringLiteral): { readonly matchesEmpty: boolean } | { readonly error: string } {
  const alternatives = text.value.split('|');
  // Plain words joined by `|` are compared without being compiled, so that even invalid UTF-8 passes.
  if (!alternatives.some((alternative) => META_CHARACTERS.test(alternative))) {
    return { matchesEmpty: alternatives.includes('') };
  }
  const result = compileRegexp(text);
  if ('error' in result) {
    return result;
  }
  return { matchesEmpty: RE2JS.compile(`^(?s:${text.value})$`).matcher('').find() };
}

/** Names of the capture groups. */
export function captureNames(regexp: RE2JS): string[] {
  return Object.keys(regexp.namedGroups());
}
