/** Severity of a finding: an error stops synthesis, a warning is shown, and stops it under `--strict`. */
export type Severity = 'error' | 'warning';

/**
 * Requirement of a check, without which it finds nothing: an engine that is installed or built, the rules whose alerts
 * the routes receive, or an option of `CheckOptions`.
 */
export type CheckNeed =
  | 'engine'
  | 'rules'
  | 'asConfigMaps'
  | 'collectorLabels'
  | 'namespacedJobs'
  | 'remoteWrite'
  | 'severities';

/** Option of `CheckOptions` that decides what a check finds, and whose default is a guess. */
export type Refinement = 'collectorLabels' | 'evaluationInterval' | 'lokiLabels';

/** Versions of the system that reads the file, for instance `{ loki: '3.5' }`. */
export type Versions = Partial<Readonly<Record<'loki' | 'alertmanager', string>>>;

/** Part of a rule file, of alertmanager.yml or of its templates that can waive a check. */
export type WaivableAt = 'rule' | 'route' | 'receiver' | 'inhibition rule' | 'template file';

/** One thing that can be wrong. Its page is `docs/checks/<id>.md`. */
export interface CheckInfo {
  readonly severity: Severity;
  /** The problem in a few words, as in a list. */
  readonly title: string;
  /** @default nothing */
  readonly needs?: CheckNeed;
  /** Options that it goes by. @default none */
  readonly refinedBy?: readonly Refinement[];
  /** Where it can be waived, with a reason. @default nowhere */
  readonly waivable?: readonly WaivableAt[];
  /** First versions in which the problem exists. @default none known */
  readonly since?: Versions;
  /** Last versions in which the problem exists. @default none known */
  readonly until?: Versions;
}
