import type { OnProgress } from '../lib/engines';
/** A measured value. */
export interface Figure {
  /** Name, such as `cdk8s synth, this stack`. */
  readonly what: string;
  /** Undefined if it can't be measured on this machine; `note` has the reason. */
  readonly value?: number;
  /** `s`, `MiB`, `lines/s`, `%`, `x` for a ratio, or '' for a plain number. */
  readonly unit: string;
  /** Target value. @default none, for information only */
  readonly aim?: { readonly atMost: number } | { readonly atLeast: number };
  /** Conditions, composition or limits of the figure. @default none */
  readonly note?: string;
}

/** A group of figures that are measured together. */
export interface Subject {
  /** Argument of `npm run bench`. */
  readonly name: string;
  /** Summary of the figures, and the duration of the measurement. */
  readonly description: string;
  /** Measures the figures, and stops every process that it starts. @throws if a program can't be run */
  measure(onProgress: OnProgress): Promise<readonly Figure[]>;
}

/** Returns the median; for an even number of values, the mean of the middle two. @throws if there are none */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error('no values for a median');
  return (low + high) / 2;
}
