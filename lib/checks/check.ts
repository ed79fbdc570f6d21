/** Severity of a finding: an error stops synthesis, a warning is shown, and stops it under `--strict`. */
export type Severity = 'error' | 'warning';

/**
 * What a check needs beside the file it looks at: an engine that is installed or built, the rules whose alerts the
 * routes get, or an option (of `CheckOptions`) without which it may find nothing.
 */
export type CheckNeed =
  | 'server'
  | 'engine'
  | 'rules'
  | 'collectorLabels'
  | 'evaluationInterval'
  | 'lokiLabels'
  | 'namespacedJobs'
  | 'remoteWrite'
  | 'severities';

/** Versions of the system that reads the file, for instance `{ loki: '3.5' }`. */
export type Versions = Partial<Readonly<Record<'loki' | 'alertmanager', string>>>;

/** One thing that can be wrong. Its page is `docs/checks/<id>.md`. */
export interface CheckInfo {
  readonly severity: Severity;
  /** The problem in a few words, as in a list. */
  readonly title: string;
  /** @default nothing */
  readonly needs?: CheckNeed;
  /** A rule can waive it, with a reason. @default false */
  readonly waivable?: boolean;
  /** First versions in which the problem exists. @default all that are supported */
  readonly since?: Versions;
  /** Last versions in which the problem exists. @default all that are supported */
  readonly until?: Versions;
}
