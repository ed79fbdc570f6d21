import { distance } from 'fastest-levenshtein';

/**
 * Maximum edit distance per letter: two for a name of four or five letters, as for two swapped letters, four for nine.
 * With more, the nearest name is most likely unrelated.
 */
const MAX_DISTANCE_PER_LETTER = 0.4;

/** Returns `; did you mean 'retention'?`, or '' if no name is similar. Names that contain the word come first. */
export function didYouMean(word: string, names: readonly string[]): string {
  const wanted = word.toLowerCase();
  const contains = (name: string) => name.toLowerCase().includes(wanted);
  const [nearest] = names
    .map((name) => ({ name, letters: distance(wanted, name.toLowerCase()), contains: wanted !== '' && contains(name) }))
    .filter((each) => each.contains || each.letters <= Math.ceil(word.length * MAX_DISTANCE_PER_LETTER))
    .sort((a, b) => Number(b.contains) - Number(a.contains) || a.letters - b.letters);
  return nearest ? `; did you mean '${nearest.name}'?` : '';
}
