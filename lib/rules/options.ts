import type { Duration } from './model';

/** What the checks must know about the Loki that the rules are for. */
export interface CheckOptions {
  /** The ruler's `evaluation_interval`, for groups without their own. @default '1m' */
  readonly evaluationInterval?: Duration;
  /** Values that the label `severity` may have. @default any */
  readonly severities?: readonly string[];
}
