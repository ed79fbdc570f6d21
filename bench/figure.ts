/** A figure of this machine and this moment. */
export interface Figure {
  /** What was measured: `cdk8s synth, this stack`. */
  readonly what: string;
  /** Undefined if it can't be measured here; `note` says why. */
  readonly value?: number;
  /** `s`, `MiB`, `lines/s`, `%`, `x` for a ratio, or nothing for a plain number. */
  readonly unit: string;
  /** The most, or the least, that is aimed at. @default no aim, the figure is only to be known */
  readonly aim?: { readonly atMost: number } | { readonly atLeast: number };
  /** What the figure is made of, or what limits it. @default none */
  readonly note?: string;
}

/** Told what happens, a line at a time. */
export type OnProgress = (line: string) => void;

/** A part of the project whose figures are taken together. */
export interface Subject {
  /** As `npm run bench` takes it. */
  readonly name: string;
  /** What is measured, in a few words, and how long it takes. */
  readonly description: string;
  /** Takes the figures. Whatever it starts is gone when it is done. @throws if something can't be run at all */
  measure(tell: OnProgress): Promise<readonly Figure[]>;
}

/** The value in the middle; of an even number of them, the mean of the two there. @throws if there are none */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error('the median of nothing');
  return (low + high) / 2;
}
