const CHARACTER = String.raw`(?:[^\\.+*?()|[\]{}^$\ud800-\udfff\u{10000}-\u{10ffff}]|\\[!-/:-@[-^\x60{-~ dDsSwW]|\.)`;
/** A literal character, an escaped one, a class or any character, and how often it is repeated. */
const ATOM = String.raw`${CHARACTER}(?:[*+?]\??)?`;
/** A group without groups in it, such as `(error|panic)`. */
const GROUP = String.raw`\((?:\?:)?(?:${ATOM}|\|)*\)(?:[*+?]\??)?`;
const PLAIN = new RegExp(String.raw`^(?:\(\?i\))?(?:${ATOM}|${GROUP}|[|^$])*$`, 'u');
const OPTIONAL = new RegExp(String.raw`^(?:${CHARACTER}[*?]\??|[\^$])*$`, 'u');

/** Longer ones are left to the compiler: V8 matches recursively. */
const MAX_LENGTH = 4096;

/**
 * True for the regular expressions that most queries have. Go accepts all of them, and JavaScript reads them alike, so
 * that they need not be compiled to be checked: that takes a third of the time of a check.
 */
export function isPlainRegexp(pattern: string): boolean {
  return pattern.length <= MAX_LENGTH && PLAIN.test(pattern);
}

/** True if a plain regular expression matches the empty text. */
export function matchesEmptyText(pattern: string): boolean {
  const text = pattern.replace(/^\(\?i\)/, '');
  return /[(|]/.test(text) ? new RegExp(`^(?:${text})$`).test('') : OPTIONAL.test(text);
}
