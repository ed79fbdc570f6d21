/** A phrase that reads as translated, and what to write instead. */
interface Phrase {
  readonly pattern: RegExp;
  readonly write: string;
}

const PHRASES: readonly Phrase[] = [
  {
    pattern:
      /(?<!\b(?:there|where|here|that|which) )\b(?:is|are|was|were|be) no (?!longer\b|more\b|less\b|fewer\b|such\b)[a-z]+/gi,
    write: 'write "is not a valid …", "is not …" or "has no …"',
  },
  { pattern: /\b(?:tells?|told|telling)\b/gi, write: 'write "report", "notify", "show" or "distinguish"' },
  { pattern: /\b(?:hears?|heard) (?:of|about|it)\b/gi, write: 'write "receive" or "is notified"' },
  { pattern: /\b(?:stands|stood|lies)\b/gi, write: 'write "is", "is set", or "means"' },
  { pattern: /\b(?:nobody|everybody|anybody|somebody)\b/gi, write: 'write "no one", or name who' },
  { pattern: /\bbelongs? into\b/gi, write: 'write "put … in"' },
  { pattern: /\bknows? no(?:thing)?\b|\bknown to no\b/gi, write: 'write "unknown" or "does not have"' },
  { pattern: /\bwhoever\b/gi, write: 'name who: "users", "the operator"' },
  {
    pattern: /\/\*\*\s+(?:\* )?(?:What|Whether|How|Who)\b/g,
    write: 'begin a docstring with a noun phrase or a verb in the third person',
  },
  { pattern: /^(?:<{7}|>{7}) .*/gm, write: 'resolve the conflict of the merge' },
];

/** Finds phrases in a text. Lines start at 1. */
export function phrasesIn(text: string): { readonly line: number; readonly phrase: string; readonly write: string }[] {
  return PHRASES.flatMap(({ pattern, write }) =>
    [...text.matchAll(pattern)].map(({ 0: phrase, index }) => ({
      line: text.slice(0, index).split('\n').length,
      phrase: phrase.replace(/\s+/g, ' '),
      write,
    })),
  ).sort((a, b) => a.line - b.line);
}
