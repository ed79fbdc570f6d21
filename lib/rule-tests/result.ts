import type { Path, Place } from '../checks/findings';
import type { AlertHistory } from './promtool';
import type { Series } from './series';

/** The result of one expectation. */
export interface ExpectationResult {
  readonly kind: 'alerts' | 'state' | 'samples' | 'logs' | 'notifications';
  /** Name of the alert, or the expression. @default none, for notifications */
  readonly subject?: string;
  /** `eval_time` as written in the test. */
  readonly evalTime: string;
  /** Path of the expectation in the test file. */
  readonly path: Path;
  readonly place?: Place;
  readonly passed: boolean;
  /** Expected value, in the test format and in a fixed order. */
  readonly expected: unknown;
  /** Actual value, in the test format and in the same order. */
  readonly got: unknown;
  /** True if `got` shows a failure and cannot be expected. @default false */
  readonly failed?: boolean;
}

/** The evaluations of a rule. */
export interface Timeline {
  readonly alert: string;
  readonly intervalMs: number;
  readonly lastStep: number;
  /** Comparison at the top of the expression. @default none: the result of the whole expression is plotted */
  readonly threshold?: Threshold;
  /** Left side of the comparison; without a threshold, the result of the whole expression. */
  readonly series: readonly Series[];
  readonly histories: readonly AlertHistory[];
  /** Start and end, as shown. @default test time, from 0s */
  readonly span?: { readonly from: string; readonly to: string };
  /** Evaluations with an expectation, and whether it passed. */
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
  /** Duration in milliseconds: pushes, queries, and its share of the work for several tests at once. */
  readonly ms: number;
  readonly checks: readonly ExpectationResult[];
  /** Errors of evaluations, which the ruler would have too. */
  readonly errors: readonly string[];
  /** Timelines of the alerts whose checks failed. */
  readonly timelines: readonly Timeline[];
  /** Alerts that the test covers, and whether they fired at any time of it. */
  readonly alerts: ReadonlyMap<string, { readonly fired: boolean }>;
}

/** Versions of the engines. */
export interface EngineVersions {
  readonly loki: string;
  readonly promtool: string;
  /** @default none, without notification tests */
  readonly alertmanager?: string;
}

export interface RunResult {
  readonly tests: readonly TestResult[];
  readonly versions: EngineVersions;
  /** Duration of all tests in milliseconds, without the start of the engines. */
  readonly ms: number;
}
