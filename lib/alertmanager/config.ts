import type { HttpConfig, TlsConfig } from './http-config';
import type {
  DiscordConfig,
  EmailConfig,
  MsTeamsV2Config,
  OpsgenieConfig,
  PagerdutyConfig,
  SlackConfig,
  TelegramConfig,
  TemplateText,
  WebhookConfig,
} from './receivers';

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
  /** @deprecated by Alertmanager: use `matchers`. Read from existing files. */
  readonly match?: Readonly<Record<string, string>>;
  /** @deprecated by Alertmanager: use `matchers`. Read from existing files. */
  readonly match_re?: Readonly<Record<string, string>>;
}

/** Who is told, and how. A receiver without any config drops its alerts silently. */
export interface Receiver {
  /** Unique; routes use it. */
  readonly name: string;
  /** Labels for filtering in the API. @default the label `name` alone */
  readonly labels?: Readonly<Record<string, string>>;
  readonly slack_configs?: readonly SlackConfig[];
  readonly webhook_configs?: readonly WebhookConfig[];
  readonly email_configs?: readonly EmailConfig[];
  readonly pagerduty_configs?: readonly PagerdutyConfig[];
  readonly opsgenie_configs?: readonly OpsgenieConfig[];
  readonly msteamsv2_configs?: readonly MsTeamsV2Config[];
  readonly telegram_configs?: readonly TelegramConfig[];
  readonly discord_configs?: readonly DiscordConfig[];
  /**
   * Every other receiver of Alertmanager 0.35, with the fields of its documentation: `incidentio_configs`,
   * `jira_configs`, `mattermost_configs`, `msteams_configs`, `pushover_configs`, `rocketchat_configs`, `sns_configs`,
   * `victorops_configs`, `webex_configs`, `wechat_configs`. They are checked like the typed ones.
   */
  readonly [other: `${string}_configs`]: readonly object[] | undefined;
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
export interface GlobalConfig {
  /** Time after which an alert that came without an end counts as resolved. Loki's ruler always sends an end. @default '5m' */
  readonly resolve_timeout?: Duration;
  /** HTTP client of all receivers that have none of their own. @default follows redirects, HTTP/2 */
  readonly http_config?: HttpConfig;
  /** Sender of emails. @default none */
  readonly smtp_from?: string;
  /** Mail server as `host:port`. @default none */
  readonly smtp_smarthost?: string;
  /** @default 'localhost' */
  readonly smtp_hello?: string;
  readonly smtp_auth_username?: string;
  readonly smtp_auth_password_file?: string;
  readonly smtp_auth_secret_file?: string;
  readonly smtp_auth_identity?: string;
  /** @default true */
  readonly smtp_require_tls?: boolean;
  readonly smtp_tls_config?: TlsConfig;
  /** TLS from the first byte. @default true on port 465, else false */
  readonly smtp_force_implicit_tls?: boolean;
  /** File that holds the Slack webhook URL, read at every notification. @default none */
  readonly slack_api_url_file?: string;
  /** A Slack-compatible webhook that is no secret, for instance a service in the cluster. @default none */
  readonly slack_api_url?: string;
  /** File that holds a Slack app's bot token. Not together with a webhook. @default none */
  readonly slack_app_token_file?: string;
  /** @default 'https://slack.com/api/chat.postMessage' */
  readonly slack_app_url?: string;
  /** @default 'https://events.pagerduty.com/v2/enqueue' */
  readonly pagerduty_url?: string;
  /** @default 'https://api.opsgenie.com/' */
  readonly opsgenie_api_url?: string;
  readonly opsgenie_api_key_file?: string;
  /** @default 'https://api.telegram.org' */
  readonly telegram_api_url?: string;
  readonly telegram_bot_token_file?: string;
  /** @default none */
  readonly jira_api_url?: string;
  /** @default 'https://alert.victorops.com/integrations/generic/20131114/alert/' */
  readonly victorops_api_url?: string;
  readonly victorops_api_key_file?: string;
  /** @default 'https://webexapis.com/v1/messages' */
  readonly webex_api_url?: string;
  /** @default 'https://qyapi.weixin.qq.com/cgi-bin/' */
  readonly wechat_api_url?: string;
  readonly wechat_api_corp_id?: string;
  readonly wechat_api_secret_file?: string;
  /** @default 'https://open.rocket.chat/' */
  readonly rocketchat_api_url?: string;
  readonly rocketchat_token_file?: string;
  readonly rocketchat_token_id_file?: string;
  readonly mattermost_webhook_url_file?: string;
}
