/** Chooses one of several: returns an index below a count. */
export type Choose = (count: number) => number;

/** Returns a function that makes the same choices each time: always the first for 0, others for other seeds. */
export function choices(seed: number): Choose {
  // Knuth's multiplier, so that neighboring seeds differ from the first choice on.
  let state = Math.imul(seed, 2_654_435_761);
  return (count) => {
    if (seed === 0) return 0;
    // Numerical Recipes' generator, whose upper bits are random enough for a choice.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 16) % count;
  };
}
