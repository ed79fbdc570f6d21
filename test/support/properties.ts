import fc from 'fast-check';

/** Where a person waits, one example in five is tried; others in each run. In CI all are. */
const ONE_IN = process.env.CI ? 1 : 5;

/** Number of examples that a property is tried with. */
export function runs(inCI: number): number {
  return Math.ceil(inCI / ONE_IN);
}

/** The examples of a list that are tried. */
export function someOf<T>(all: readonly T[]): T[] {
  const first = Math.floor(Math.random() * Math.min(ONE_IN, all.length));
  return all.filter((_, i) => i % ONE_IN === first);
}

/** Default number of examples of fast-check. */
fc.configureGlobal({ numRuns: runs(100) });

const SURROGATES = { first: 0xd800, count: 0x800 };

/**
 * Any character of Unicode, as the unit of a string. fast-check's own unit 'binary' is the same, and makes a table of a
 * million characters first, in every test file.
 */
export const anyCharacter = fc.integer({ min: 0, max: 0x10ffff - SURROGATES.count }).map(
  (n) => String.fromCodePoint(n < SURROGATES.first ? n : n + SURROGATES.count),
  (text) => {
    const [point = Number.NaN, ...others] = [...String(text)].map((character) => character.codePointAt(0));
    if (others.length > 0 || Number.isNaN(point)) throw new Error('not one character');
    return point < SURROGATES.first ? point : point - SURROGATES.count;
  },
);

export default fc;
