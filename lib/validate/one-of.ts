import * as v from 'valibot';
import { didYouMean } from '../text/did-you-mean';

/** One of these words; the error for another one suggests a similar word. */
export function oneOf(words: readonly string[]) {
  return v.pipe(
    v.string(),
    v.check(
      (text) => words.includes(text),
      ({ input }) => `is not one of ${words.join(', ')}${didYouMean(input, words)}`,
    ),
  );
}
