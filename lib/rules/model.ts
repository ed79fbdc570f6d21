import type { Waiver } from './waiver';

export type { Waiver };

/** A Prometheus duration, as in rule files: `30s`, `1m`, `1h30m`. No fractions: Loki refuses `1.5m`. */
export type Duration = string;

interface RuleBase {
  /** LogQL metric query. */
  readonly expr: string;
  /** Labels added to the result, overwriting labels of the same name. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Checks that do not apply to this rule; written to YAML as comments, which Loki ignores. @default none */
  readonly waive?: readonly Waiver[];
}

/** An alert: fires for every series that `expr` returns, after `expr` has returned it for the time `for`. */
export interface AlertRule extends RuleBase {
  /** Name of the alert, the label `alertname`. */
  readonly alert: string;
  /** Time for which the expression must be true before the alert fires. @default '0s', at the first evaluation */
  readonly for?: Duration;
  /** Descriptive texts, Go templates with `$labels` and `$value`. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Only in recording rules. @default none */
  readonly record?: undefined;
}

/** A recording rule: stores the result of `expr` as the metric `record`, via remote write. */
export interface RecordingRule extends RuleBase {
  /** Name of the metric. */
  readonly record: string;
  /** Only in alerts. @default none */
  readonly alert?: undefined;
  /** Only in alerts. @default none */
  readonly for?: undefined;
  /** Only in alerts. @default none */
  readonly annotations?: undefined;
}

/** A rule of either kind. */
export type Rule = AlertRule | RecordingRule;

/** Rules that are evaluated one after another, at the same interval. */
export interface RuleGroup {
  /** Unique in its file. */
  readonly name: string;
  /** Time between two evaluations of the rules. @default the ruler's `evaluation_interval` */
  readonly interval?: Duration;
  /** Maximum number of series or alerts that one rule may produce; above it, the rule fails. @default 0, no limit */
  readonly limit?: number;
  /** Rules, in the order of evaluation. */
  readonly rules: readonly Rule[];
}

/** One rule file, as Loki's ruler reads it. */
export interface RuleFile {
  /** File name in the rules folder; Loki shows it as the rules' namespace. */
  readonly name: string;
  /** Groups, which are evaluated concurrently. */
  readonly groups: readonly RuleGroup[];
}

/** Returns all alerts of rule files. */
export function alertsOf(files: readonly RuleFile[]): AlertRule[] {
  return files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules.filter(isAlert)));
}

/**
 * Returns true if a rule is an alert, false if it is a recording rule.
 *
 * @example
 * const names = readRuleFiles('rules').flatMap(({ groups }) =>
 *   groups.flatMap(({ rules }) => rules.filter(isAlert).map(({ alert }) => alert)),
 * );
 */
export function isAlert(rule: Rule): rule is AlertRule {
  return rule.alert !== undefined;
}
