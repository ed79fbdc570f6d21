import type { Waiver } from '../../rules/waiver';
import type { IntegrationDefaults, Integrations, TemplateText } from '../receivers';
import type { HttpConfig } from './http-config';

/** A duration as Prometheus writes it: `30s`, `5m`, `1h30m`, `1d`. No fractions. */
export type Duration = string;

/**
 * A label matcher: `severity="critical"`, `team!=""`, `service=~"api|web"`, `namespace!~"dev-.*"`.
 *
 * A label that is not there counts as empty; regular expressions are RE2 and match the whole value.
 * https://prometheus.io/docs/alerting/latest/configuration/#matcher
 */
export type Matcher = string;

/**
 * `alertmanager.yml`, with Alertmanager's own names. Secrets are named by file, never written in it.
 *
 * Upstream: `config/config.go` of prometheus/alertmanager 0.35,
 * https://prometheus.io/docs/alerting/latest/configuration/
 */
export interface AlertmanagerConfig {
  /** Defaults for routes and receivers. @default Alertmanager's own */
  readonly global?: GlobalConfig;
  /** The root of the routing tree: takes every alert that no route under it takes. */
  readonly route: RootRoute;
  /** Receivers that routes name. */
  readonly receivers: readonly Receiver[];
  /** Alerts that silence others while they fire. @default none */
  readonly inhibit_rules?: readonly InhibitRule[];
  /** Times that routes may name. @default none */
  readonly time_intervals?: readonly TimeInterval[];
  /** Template files, wildcards allowed in the last part; relative to the file's folder. @default none */
  readonly templates?: readonly string[];
  /** Traces of Alertmanager itself, as upstream's `tracing`. @default none */
  readonly tracing?: object;
  /** Record of what Alertmanager did, as upstream's `event_recorder`. @default none */
  readonly event_recorder?: object;
}

/** What a route hands down to the routes under it. */
interface RouteOptions {
  /**
   * Labels by which alerts are joined into one notification; `['...']` means all labels, no joining.
   * @default the parent's; none at the root, so everything is one group
   */
  readonly group_by?: readonly string[];
  /** Wait for further alerts before the first notification on a group. @default the parent's; '30s' at the root */
  readonly group_wait?: Duration;
  /** Least time between two notifications on a group when it changed. Not zero. @default the parent's; '5m' at the root */
  readonly group_interval?: Duration;
  /**
   * Time after which an unchanged group is told again, rounded up to a multiple of `group_interval`. Not zero.
   * @default the parent's; '4h' at the root
   */
  readonly repeat_interval?: Duration;
  /** Labels that templates see as those of the route; values may be templates. @default the parent's */
  readonly labels?: Readonly<Record<string, TemplateText>>;
  /** Routes that are tried in this order; the first that matches takes the alert, unless it says `continue`. @default none */
  readonly routes?: readonly Route[];
  /** Checks that do not apply to this route; comments in what is written, which mean nothing to Alertmanager. @default none */
  readonly waive?: readonly Waiver[];
}

/** The root of the routing tree. It matches everything, so it has neither matchers nor times. */
export interface RootRoute extends RouteOptions {
  /** Name of the receiver for what no other route takes. */
  readonly receiver: string;
}

/** A route: takes the alerts that fulfil all its matchers. */
export interface Route extends RouteOptions {
  /** Name of the receiver. @default the parent's */
  readonly receiver?: string;
  /** All must match. @default none, so everything matches */
  readonly matchers?: readonly Matcher[];
  /** Go on to the next route beside this one even though this one matched. @default false */
  readonly continue?: boolean;
  /** Names of time intervals in which nothing is sent. @default none */
  readonly mute_time_intervals?: readonly string[];
  /** Names of time intervals outside of which nothing is sent. @default always */
  readonly active_time_intervals?: readonly string[];
  /**
   * Labels that must be equal. @default none
   * @deprecated by Alertmanager: use `matchers`. Read from existing files.
   */
  readonly match?: Readonly<Record<string, string>>;
  /**
   * Labels that must match a regular expression. @default none
   * @deprecated by Alertmanager: use `matchers`. Read from existing files.
   */
  readonly match_re?: Readonly<Record<string, string>>;
}

/**
 * A name for integrations, each list of which has the field of its kind: `slack_configs`, `webhook_configs`, …. A
 * receiver without any drops its alerts silently.
 */
export interface Receiver extends Integrations {
  /** Unique; routes use it. */
  readonly name: string;
  /** Labels for filtering in the API. @default the label `name` alone */
  readonly labels?: Readonly<Record<string, string>>;
  /** Checks that do not apply to this receiver; comments in what is written, which mean nothing to Alertmanager. @default none */
  readonly waive?: readonly Waiver[];
}

/**
 * While an alert that matches the source fires, alerts that match the target are not told.
 * https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule
 */
export interface InhibitRule {
  /** @default none */
  readonly name?: string;
  readonly source_matchers?: readonly Matcher[];
  readonly target_matchers?: readonly Matcher[];
  /** Labels whose values must be the same in both alerts; a missing label counts as empty. @default none, any two alerts */
  readonly equal?: readonly string[];
  /** @deprecated by Alertmanager: use `source_matchers`. Read from existing files. */
  readonly source_match?: Readonly<Record<string, string>>;
  /** @deprecated by Alertmanager: use `source_matchers`. Read from existing files. */
  readonly source_match_re?: Readonly<Record<string, string>>;
  /** @deprecated by Alertmanager: use `target_matchers`. Read from existing files. */
  readonly target_match?: Readonly<Record<string, string>>;
  /** @deprecated by Alertmanager: use `target_matchers`. Read from existing files. */
  readonly target_match_re?: Readonly<Record<string, string>>;
  /** Checks that do not apply to this inhibition rule; comments in what is written, which mean nothing to Alertmanager. @default none */
  readonly waive?: readonly Waiver[];
}

/** A name for times: any of its `time_intervals`. */
export interface TimeInterval {
  /** Unique; routes use it. */
  readonly name: string;
  readonly time_intervals: readonly TimeRanges[];
}

/**
 * Times that fulfil all the fields that are given, each by any of its ranges.
 * Upstream: `timeinterval/timeinterval.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#time_interval-0
 */
export interface TimeRanges {
  /** Times of day, `HH:MM` to `24:00`, the end not included; over midnight takes two ranges. @default the whole day */
  readonly times?: readonly { readonly start_time: string; readonly end_time: string }[];
  /** `monday`, `monday:friday`; a week begins on Sunday. @default every day */
  readonly weekdays?: readonly string[];
  /** `1`, `1:5`, `-3:-1` counted from the month's end. @default every day */
  readonly days_of_month?: readonly string[];
  /** `january`, `may:august`, `1:3`. @default every month */
  readonly months?: readonly string[];
  /** `2026`, `2026:2028`. @default every year */
  readonly years?: readonly string[];
  /** Time zone of the IANA database, for instance `Europe/Berlin`. @default 'UTC' */
  readonly location?: string;
}

/** Defaults for receivers. Upstream: `DefaultGlobalConfig` in `config/config.go`. */
export interface GlobalConfig extends IntegrationDefaults {
  /** Time after which an alert that came without an end counts as resolved. Loki's ruler always sends an end. @default '5m' */
  readonly resolve_timeout?: Duration;
  /** HTTP client of all receivers that have none of their own. @default follows redirects, HTTP/2 */
  readonly http_config?: HttpConfig;
}
