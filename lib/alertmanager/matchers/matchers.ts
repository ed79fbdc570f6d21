import { RE2JS } from 're2js';
import { parseClassicMatchers } from './classic';
import type { MatcherText } from './text';
import { parseUtf8Matchers } from './utf8';

/** A compiled matcher. */
export interface CompiledMatcher extends MatcherText {
  /** Returns whether a label with this value matches; a missing label is the empty string. */
  accepts(value: string): boolean;
}

/** The matchers of a line of `matchers`, or the reason for which it is invalid. */
export type ParsedMatchers =
  | {
      readonly matchers: readonly CompiledMatcher[];
      /** True if only the classic parser, which Alertmanager will remove, reads the line this way. */
      readonly classic: boolean;
    }
  | { readonly problem: string };

/**
 * Compiles a matcher.
 *
 * @throws Error if the regular expression is not valid in RE2
 * Upstream: `NewMatcher` in `pkg/labels/matcher.go`.
 */
export function labelMatcher({ name, operator, value }: MatcherText): CompiledMatcher {
  if (operator === '=') return { name, operator, value, accepts: (given) => given === value };
  if (operator === '!=') return { name, operator, value, accepts: (given) => given !== value };
  const pattern = RE2JS.compile(`^(?:${value})$`);
  const wanted = operator === '=~';
  return { name, operator, value, accepts: (given) => pattern.matcher(given).find() === wanted };
}

/**
 * Parses one line of `matchers`, which may contain several: `severity="critical"`, `{a="b", c=~"d|e"}`.
 *
 * As Alertmanager does without feature flags: the UTF-8 parser, and where it fails or disagrees, the classic one.
 * Upstream: `FallbackMatchersParser` in `matcher/compat/parse.go`.
 */
export function parseMatchers(line: string): ParsedMatchers {
  const utf8 = attempt(() => parseUtf8Matchers(line).map(labelMatcher));
  const texts = attempt(() => parseClassicMatchers(line));
  // Most lines: regular expressions are compiled once.
  if (!('problem' in utf8 || 'problem' in texts) && sameMatchers(utf8.matchers, texts.matchers))
    return { ...utf8, classic: false };
  const classic = 'problem' in texts ? texts : attempt(() => texts.matchers.map(labelMatcher));
  if (!('problem' in classic)) return { ...classic, classic: true };
  return 'problem' in utf8 ? utf8 : { ...utf8, classic: false };
}

/** Formats a matcher so that both parsers read it the same way. */
export function formatMatcher({ name, operator, value }: MatcherText): string {
  const quoted = value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n');
  return `${/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name) ? name : JSON.stringify(name)}${operator}"${quoted}"`;
}

function attempt<T>(read: () => readonly T[]): { readonly matchers: readonly T[] } | { readonly problem: string } {
  try {
    return { matchers: read() };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function sameMatchers(a: readonly MatcherText[], b: readonly MatcherText[]): boolean {
  return a.map(formatMatcher).join() === b.map(formatMatcher).join();
}
