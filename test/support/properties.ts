import fc from 'fast-check';

/** Where a person waits, one example in five is tried; others in each run. In CI all are. */
const ONE_IN = process.env.CI ? 1 : 5;

/** How many examples a property is tried with. */
export function runs(inCI: number): number {
  return Math.ceil(inCI / ONE_IN);
}

/** The examples of a list that are tried. */
export function someOf<T>(all: readonly T[]): T[] {
  const first = Math.floor(Math.random() * Math.min(ONE_IN, all.length));
  return all.filter((_, i) => i % ONE_IN === first);
}

/** What fast-check itself tries where nothing is said. */
fc.configureGlobal({ numRuns: runs(100) });

export default fc;
