import type { Waiver } from './waiver';

export type { Waiver };

/** A Prometheus duration as rule files write it: `30s`, `1m`, `1h30m`. No fractions: Loki refuses `1.5m`. */
export type Duration = string;

interface RuleBase {
  /** LogQL metric query. */
  readonly expr: string;
  /** Labels added to what the rule produces, overwriting labels of the same name. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Checks that do not apply to this rule; comments in what is written, which mean nothing to Loki. @default none */
  readonly waive?: readonly Waiver[];
}

/** An alert: fires for every series that `expr` returns, once it has done so for the time `for`. */
export interface AlertRule extends RuleBase {
  /** Name of the alert, the label `alertname`. */
  readonly alert: string;
  /** Time for which the expression must hold before the alert fires. @default '0s', at the first evaluation */
  readonly for?: Duration;
  /** Texts for people; Go templates with `$labels` and `$value`. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Only for recording rules. @default none */
  readonly record?: undefined;
}

/** A recording rule: stores the result of `expr` as the metric `record`, by remote write. */
export interface RecordingRule extends RuleBase {
  /** Name of the metric. */
  readonly record: string;
  /** Only for alerts. @default none */
  readonly alert?: undefined;
  /** Only for alerts. @default none */
  readonly for?: undefined;
  /** Only for alerts. @default none */
  readonly annotations?: undefined;
}

/** A rule of either kind. */
export type Rule = AlertRule | RecordingRule;

/** Rules that are evaluated one after the other, at the same interval. */
export interface RuleGroup {
  /** Unique in its file. */
  readonly name: string;
  /** Time between two evaluations of the rules. @default the ruler's `evaluation_interval` */
  readonly interval?: Duration;
  /** Most series or alerts that one rule may produce; more fail the rule. @default 0, no limit */
  readonly limit?: number;
  /** Rules, in the order of their evaluation. */
  readonly rules: readonly Rule[];
}

/** One rule file, as Loki's ruler reads it. */
export interface RuleFile {
  /** File name in the rules folder; Loki shows it as the rules' namespace. */
  readonly name: string;
  /** Groups, which are evaluated side by side. */
  readonly groups: readonly RuleGroup[];
}

/** All alerts of rule files. */
export function alertsOf(files: readonly RuleFile[]): AlertRule[] {
  return files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules.filter(isAlert)));
}

/**
 * Tells an alert from a recording rule.
 *
 * @example
 * const names = readRuleFiles('rules').flatMap(({ groups }) =>
 *   groups.flatMap(({ rules }) => rules.filter(isAlert).map(({ alert }) => alert)),
 * );
 */
export function isAlert(rule: Rule): rule is AlertRule {
  return rule.alert !== undefined;
}
