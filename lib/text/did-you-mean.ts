import { distance } from 'fastest-levenshtein';

/**
 * How much of a name may be mistyped: two letters of four or five, as where two change places, four of nine. Beyond, what
 * is nearest is no more than the name of something else.
 */
const MISTYPED = 0.4;

/** `; did you mean 'retention'?`, or nothing if no name is near: one that holds the word first, else one of few other letters. */
export function didYouMean(word: string, names: readonly string[]): string {
  const wanted = word.toLowerCase();
  const holds = (name: string) => name.toLowerCase().includes(wanted);
  const [nearest] = names
    .map((name) => ({ name, letters: distance(wanted, name.toLowerCase()), holds: wanted !== '' && holds(name) }))
    .filter((each) => each.holds || each.letters <= Math.ceil(word.length * MISTYPED))
    .sort((a, b) => Number(b.holds) - Number(a.holds) || a.letters - b.letters);
  return nearest ? `; did you mean '${nearest.name}'?` : '';
}
