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
  /** The root of the routing tree: receives every alert that no child route matches. */
  readonly route: RootRoute;
  /** Receivers, which routes refer to by name. */
  readonly receivers: readonly Receiver[];
  /** Rules that mute alerts while others fire. @default none */
  readonly inhibit_rules?: readonly InhibitRule[];
  /** Time intervals, which routes refer to by name. @default none */
  readonly time_intervals?: readonly TimeInterval[];
  /** Template files, relative to the config's folder; the last element may have wildcards. @default none */
  readonly templates?: readonly string[];
  /** Traces of Alertmanager itself, in upstream's form. @default none */
  readonly tracing?: object;
  /** Outputs for the events of Alertmanager itself, in upstream's form. @default none */
  readonly event_recorder?: object;
}

/** Options of the root route and of all others. */
interface RouteOptions {
  /**
   * Labels by which alerts are grouped into one notification; `['...']` means all labels, so no grouping.
   * @default the parent's; none at the root, so all alerts are one group
   */
  readonly group_by?: readonly string[];
  /** Time to wait for further alerts before a group's first notification. @default the parent's; '30s' at the root */
  readonly group_wait?: Duration;
  /** Minimum time between two notifications of a changed group. Not zero. @default the parent's; '5m' at the root */
  readonly group_interval?: Duration;
  /**
   * Time until an unchanged group is notified again, rounded up to a multiple of `group_interval`. Not zero.
   * @default the parent's; '4h' at the root
   */
  readonly repeat_interval?: Duration;
  /** Labels of the route in templates; values may be templates. @default the parent's */
  readonly labels?: Readonly<Record<string, TemplateText>>;
  /** Child routes, in order: the first that matches takes the alert, unless it sets `continue`. @default none */
  readonly routes?: readonly Route[];
  /** Checks that do not apply to this route; comments in the generated YAML. @default none */
  readonly waive?: readonly Waiver[];
}

/** The root of the routing tree. It matches every alert, so it has no matchers and no time intervals. */
export interface RootRoute extends RouteOptions {
  /** Name of the receiver for alerts that no other route matches. */
  readonly receiver: string;
}

/** A route for the alerts that match all of its matchers. */
export interface Route extends RouteOptions {
  /** Name of the receiver. @default the parent's */
  readonly receiver?: string;
  /** All must match. @default none, every alert matches */
  readonly matchers?: readonly Matcher[];
  /** Continues with the next sibling route after a match. @default false */
  readonly continue?: boolean;
  /** Names of time intervals during which the route is muted. @default none */
  readonly mute_time_intervals?: readonly string[];
  /** Names of time intervals outside of which the route is muted. @default none, always active */
  readonly active_time_intervals?: readonly string[];
  /**
   * Labels and the values that they must have. @default none
   * @deprecated by Alertmanager: use `matchers`. Read from existing files.
   */
  readonly match?: Readonly<Record<string, string>>;
  /**
   * Labels and the regular expressions that they must match. @default none
   * @deprecated by Alertmanager: use `matchers`. Read from existing files.
   */
  readonly match_re?: Readonly<Record<string, string>>;
}

/**
 * A named set of integrations, in one list for each kind: `slack_configs`, `webhook_configs`, …. A receiver without
 * any silently drops its alerts.
 */
export interface Receiver extends Integrations {
  /** Unique name, which routes refer to. */
  readonly name: string;
  /** Labels for filtering in the API. @default only the label `name` */
  readonly labels?: Readonly<Record<string, string>>;
  /** Checks that do not apply to this receiver; comments in the generated YAML. @default none */
  readonly waive?: readonly Waiver[];
}

/**
 * Mutes the alerts that match the target while an alert that matches the source fires.
 * https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule
 */
export interface InhibitRule {
  /** @default none */
  readonly name?: string;
  readonly source_matchers?: readonly Matcher[];
  readonly target_matchers?: readonly Matcher[];
  /** Labels that must be equal in both alerts; a missing label counts as empty. @default none, any two alerts */
  readonly equal?: readonly string[];
  /** @deprecated by Alertmanager: use `source_matchers`. Read from existing files. */
  readonly source_match?: Readonly<Record<string, string>>;
  /** @deprecated by Alertmanager: use `source_matchers`. Read from existing files. */
  readonly source_match_re?: Readonly<Record<string, string>>;
  /** @deprecated by Alertmanager: use `target_matchers`. Read from existing files. */
  readonly target_match?: Readonly<Record<string, string>>;
  /** @deprecated by Alertmanager: use `target_matchers`. Read from existing files. */
  readonly target_match_re?: Readonly<Record<string, string>>;
  /** Checks that do not apply to this inhibition rule; comments in the generated YAML. @default none */
  readonly waive?: readonly Waiver[];
}

/** A named time interval: the union of its `time_intervals`. */
export interface TimeInterval {
  /** Unique name, which routes refer to. */
  readonly name: string;
  readonly time_intervals: readonly TimeRanges[];
}

/**
 * Times that match every field that is set; a field matches if any of its ranges does.
 * Upstream: `timeinterval/timeinterval.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#time_interval-0
 */
export interface TimeRanges {
  /** Times of day, `00:00` to `24:00`, end excluded; a time across midnight takes two ranges. @default the whole day */
  readonly times?: readonly { readonly start_time: string; readonly end_time: string }[];
  /** `monday`, `monday:friday`; a week begins on Sunday. @default every day */
  readonly weekdays?: readonly string[];
  /** `1`, `1:5`, or `-3:-1` from the end of the month. @default every day */
  readonly days_of_month?: readonly string[];
  /** `january`, `may:august`, `1:3`. @default every month */
  readonly months?: readonly string[];
  /** `2026`, `2026:2028`. @default every year */
  readonly years?: readonly string[];
  /** Time zone of the IANA database, e.g. `Europe/Berlin`. @default 'UTC' */
  readonly location?: string;
}

/** Defaults for receivers. Upstream: `DefaultGlobalConfig` in `config/config.go`. */
export interface GlobalConfig extends IntegrationDefaults {
  /** Time after which an alert without an end time counts as resolved. Loki's ruler always sends one. @default '5m' */
  readonly resolve_timeout?: Duration;
  /** HTTP client of integrations that do not set their own. @default follows redirects, HTTP/2 */
  readonly http_config?: HttpConfig;
}
