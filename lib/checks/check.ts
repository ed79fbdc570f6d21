/** Severity of a finding: an error stops synthesis; a warning is shown, and only stops it with `--strict`. */
export type Severity = 'error' | 'warning';

/**
 * Requirement of a check, which does not run without it: an installed or built engine, a running Loki to read from, the
 * rules whose alerts the routes receive, a policy in the configuration, or an option of `CheckOptions`.
 */
export type CheckNeed =
  | 'engine'
  | 'loki'
  | 'policy'
  | 'rules'
  | 'asConfigMaps'
  | 'collectorLabels'
  | 'namespacedJobs'
  | 'openshift'
  | 'remoteWrite'
  | 'retention'
  | 'severities';

/** Option of `CheckOptions` that affects what a check finds, and whose default is a guess. */
export type Refinement = 'collectorLabels' | 'evaluationInterval' | 'lokiLabels';

/** Versions of Loki or Alertmanager, for instance `{ loki: '3.5' }`. */
export type Versions = Partial<Readonly<Record<'loki' | 'alertmanager', string>>>;

/** Part of a rule file, of alertmanager.yml or of its templates that can waive a check. */
export type WaivableAt = 'rule' | 'route' | 'receiver' | 'inhibition rule' | 'template file';

/** A check. Its page is `docs/checks/<id>.md`. */
export interface CheckInfo {
  readonly severity: Severity;
  /** Problem in a few words, for lists. */
  readonly title: string;
  /** Requirement without which it does not run. @default none */
  readonly needs?: CheckNeed;
  /** Options that affect what it finds. @default none */
  readonly refinedBy?: readonly Refinement[];
  /** Places where it can be waived, with a reason. @default none */
  readonly waivable?: readonly WaivableAt[];
  /** First versions with the problem. @default unknown */
  readonly since?: Versions;
  /** Last versions with the problem. @default unknown */
  readonly until?: Versions;
}
