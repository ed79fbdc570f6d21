import type { Path, Place } from '../checks/findings';
import type { AlertHistory } from './promtool';
import type { Series } from './series';

/** One expectation and what came of it. */
export interface ExpectationResult {
  readonly kind: 'alerts' | 'state' | 'samples' | 'logs' | 'notifications';
  /** Name of the alert, or the expression. @default none, for notifications */
  readonly subject?: string;
  /** As the test gives it. */
  readonly evalTime: string;
  /** Where the expectation stands in the test file; its value there is `expected`. */
  readonly path: Path;
  readonly place?: Place;
  readonly passed: boolean;
  /** Both in the words of the format, in a fixed order. */
  readonly expected: unknown;
  readonly got: unknown;
}

/** A rule over test time. */
export interface Timeline {
  readonly alert: string;
  readonly intervalMs: number;
  readonly lastStep: number;
  /** The comparison at the top of the expression. @default none: the expression as a whole is drawn */
  readonly threshold?: Threshold;
  /** What is compared with the threshold; the result of the whole expression without one. */
  readonly series: readonly Series[];
  readonly histories: readonly AlertHistory[];
  /** Beginning and end in words. @default test time, from 0s */
  readonly span?: { readonly from: string; readonly to: string };
  /** Evaluations at which a test looks, with whether it found what it expected. */
  readonly marks: readonly { readonly step: number; readonly passed: boolean }[];
}

export interface Threshold {
  readonly operator: string;
  readonly value: number;
}

export interface TestResult {
  /** Path of the test file. */
  readonly file: string;
  readonly name: string;
  readonly index: number;
  readonly place?: Place;
  readonly passed: boolean;
  /** Milliseconds that the test took: pushing, queries, and its share of what was done for several tests at once. */
  readonly ms: number;
  readonly checks: readonly ExpectationResult[];
  /** What kept rules from being evaluated, as the ruler would log it. */
  readonly errors: readonly string[];
  /** Of the alerts whose checks failed. */
  readonly timelines: readonly Timeline[];
  /** Alerts that were looked at, and whether they fired at any time of the test. */
  readonly alerts: ReadonlyMap<string, { readonly fired: boolean }>;
}

/** Versions of the engines that judged. */
export interface EngineVersions {
  readonly loki: string;
  readonly promtool: string;
  /** Only if there were notification tests. */
  readonly alertmanager?: string;
}

export interface RunResult {
  readonly tests: readonly TestResult[];
  readonly versions: EngineVersions;
  /** Milliseconds from the first test to the last, engines ready. */
  readonly ms: number;
}
