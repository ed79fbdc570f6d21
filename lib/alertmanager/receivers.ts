import type { HttpConfig, TlsConfig } from './http-config';

/** A Go template that Alertmanager renders for every notification, for instance `{{ .CommonLabels.alertname }}`. */
export type TemplateText = string;

/** A duration as Go writes it: `10s`, `1m30s`, `500ms`. */
export type GoDuration = string;

interface Notifier {
  /** Whether the end of an alert is told too. @default true, but false for Slack, email, WeChat and Rocket.Chat */
  readonly send_resolved?: boolean;
}

interface HttpNotifier extends Notifier {
  /** @default the global `http_config` */
  readonly http_config?: HttpConfig;
}

/**
 * A Slack message. Upstream: `config/notifiers.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#slack_config
 *
 * The text fields default to the template of their name, for instance `{{ template "slack.default.title" . }}`.
 */
export interface SlackConfig extends HttpNotifier {
  /** File that holds the webhook URL, read at every notification. @default the global `slack_api_url_file` */
  readonly api_url_file?: string;
  /** A webhook that is no secret, for instance a Slack-compatible service in the cluster. At most one of the two. */
  readonly api_url?: string;
  /** File that holds a Slack app's bot token, used instead of a webhook. @default the global `slack_app_token_file` */
  readonly app_token_file?: string;
  /** Where the bot token's messages go. @default 'https://slack.com/api/chat.postMessage' */
  readonly app_url?: string;
  /** `#channel` or `@user`. @default the webhook's own channel */
  readonly channel?: TemplateText;
  readonly username?: TemplateText;
  /** `good`, `warning`, `danger` or `#rrggbb`. @default red while firing, green when resolved */
  readonly color?: TemplateText;
  readonly title?: TemplateText;
  readonly title_link?: TemplateText;
  readonly pretext?: TemplateText;
  readonly text?: TemplateText;
  /** Text of the message itself, outside of the attachment. @default none */
  readonly message_text?: TemplateText;
  readonly fields?: readonly SlackField[];
  /** Whether fields are shown side by side unless they say otherwise. @default false */
  readonly short_fields?: boolean;
  readonly footer?: TemplateText;
  readonly fallback?: TemplateText;
  readonly callback_id?: TemplateText;
  readonly icon_emoji?: TemplateText;
  readonly icon_url?: TemplateText;
  readonly image_url?: TemplateText;
  readonly thumb_url?: TemplateText;
  /** Whether `#names` and `@names` become links. @default false */
  readonly link_names?: boolean;
  /** Fields in which Slack's markdown works. @default ['fallback', 'pretext', 'text'] */
  readonly mrkdwn_in?: readonly string[];
  readonly actions?: readonly SlackAction[];
  /** Change the first message instead of sending another one; needs a bot token. @default false */
  readonly update_message?: boolean;
  /** Longest time for one request. @default '0s', no limit of its own */
  readonly timeout?: GoDuration;
}

export interface SlackField {
  readonly title: TemplateText;
  readonly value: TemplateText;
  /** @default the config's `short_fields` */
  readonly short?: boolean;
}

/** A button. It needs `url`, or else `name`. */
export interface SlackAction {
  readonly type: TemplateText;
  readonly text: TemplateText;
  readonly url?: TemplateText;
  readonly style?: TemplateText;
  readonly name?: TemplateText;
  readonly value?: TemplateText;
  readonly confirm?: {
    readonly text: TemplateText;
    readonly title?: TemplateText;
    readonly ok_text?: TemplateText;
    readonly dismiss_text?: TemplateText;
  };
}

/**
 * A POST request with the alerts as JSON. Upstream: `notify/webhook/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export interface WebhookConfig extends HttpNotifier {
  /** Where to send; a template may be used. For a URL that holds a secret use `url_file`; exactly one of the two. */
  readonly url?: TemplateText;
  readonly url_file?: string;
  /** Most alerts in one request; the rest is cut off. @default 0, no limit */
  readonly max_alerts?: number;
  /** Longest time for one request. @default '0s', no limit of its own */
  readonly timeout?: GoDuration;
  /** Own JSON body, with templates in its texts. @default Alertmanager's webhook message */
  readonly payload?: unknown;
}

/**
 * An email. Upstream: `config/notifiers.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#email_config
 */
export interface EmailConfig extends Notifier {
  /** Address or comma-separated addresses. */
  readonly to: TemplateText;
  /** Sender; needed here or globally. @default the global `smtp_from` */
  readonly from?: TemplateText;
  /** Mail server as `host:port`; needed here or globally. @default the global `smtp_smarthost` */
  readonly smarthost?: string;
  /** Host name that is told to the mail server. @default the global `smtp_hello` */
  readonly hello?: string;
  readonly auth_username?: string;
  /** File that holds the password. @default the global `smtp_auth_password_file` */
  readonly auth_password_file?: string;
  /** File that holds the CRAM-MD5 secret. @default the global `smtp_auth_secret_file` */
  readonly auth_secret_file?: string;
  readonly auth_identity?: string;
  /** @default the global `smtp_require_tls` */
  readonly require_tls?: boolean;
  /** @default the global `smtp_tls_config` */
  readonly tls_config?: TlsConfig;
  /** TLS from the first byte. @default true on port 465, else false */
  readonly force_implicit_tls?: boolean;
  /** @default '{{ template "email.default.html" . }}' */
  readonly html?: TemplateText;
  /** @default none */
  readonly text?: TemplateText;
  /** Further headers; `Subject` replaces the default subject. @default none */
  readonly headers?: Readonly<Record<string, TemplateText>>;
  /** Mails on one alert group as one thread. @default off */
  readonly threading?: { readonly enabled?: boolean; readonly thread_by_date?: 'none' | 'daily' };
}

/**
 * A PagerDuty event. One of the two keys is needed. Upstream: `notify/pagerduty/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#pagerduty_config
 */
export interface PagerdutyConfig extends HttpNotifier {
  /** File that holds the integration key of the Events API v2. */
  readonly routing_key_file?: string;
  /** File that holds the integration key of the older "Prometheus" integration. */
  readonly service_key_file?: string;
  /** @default the global `pagerduty_url` */
  readonly url?: string;
  readonly client?: TemplateText;
  readonly client_url?: TemplateText;
  readonly description?: TemplateText;
  /** `critical`, `error`, `warning` or `info`. @default 'error' */
  readonly severity?: TemplateText;
  /** @default `client` */
  readonly source?: TemplateText;
  readonly class?: TemplateText;
  readonly component?: TemplateText;
  readonly group?: TemplateText;
  /** Further details. @default the firing and resolved alerts and their numbers */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly images?: readonly {
    readonly src?: TemplateText;
    readonly alt?: TemplateText;
    readonly href?: TemplateText;
  }[];
  readonly links?: readonly { readonly href?: TemplateText; readonly text?: TemplateText }[];
  /** Longest time for one request. @default '0s', no limit of its own */
  readonly timeout?: GoDuration;
}

/**
 * An Opsgenie alert. Upstream: `notify/opsgenie/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#opsgenie_config
 */
export interface OpsgenieConfig extends HttpNotifier {
  /** File that holds the API key; needed here or globally. @default the global `opsgenie_api_key_file` */
  readonly api_key_file?: string;
  /** @default the global `opsgenie_api_url` */
  readonly api_url?: string;
  readonly message?: TemplateText;
  readonly description?: TemplateText;
  readonly source?: TemplateText;
  readonly details?: Readonly<Record<string, TemplateText>>;
  readonly responders?: readonly OpsgenieResponder[];
  /** Comma-separated. */
  readonly tags?: TemplateText;
  readonly note?: TemplateText;
  /** `P1` to `P5`. @default Opsgenie's, P3 */
  readonly priority?: TemplateText;
  /** Change the message and description of an open alert. @default false */
  readonly update_alerts?: boolean;
  readonly entity?: TemplateText;
  /** Comma-separated. */
  readonly actions?: TemplateText;
}

/** Needs one of `id`, `name` and `username`. */
export interface OpsgenieResponder {
  readonly id?: TemplateText;
  readonly name?: TemplateText;
  readonly username?: TemplateText;
  /** `team`, `teams`, `user`, `escalation`, `schedule`, or a template. */
  readonly type: TemplateText;
}

/**
 * A message to a Microsoft Teams workflow. Upstream: `notify/msteamsv2/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#msteamsv2_config
 */
export interface MsTeamsV2Config extends HttpNotifier {
  /** File that holds the webhook URL; exactly one of the two. */
  readonly webhook_url_file?: string;
  /** A webhook that is no secret, for instance a service in the cluster. */
  readonly webhook_url?: string;
  readonly title?: TemplateText;
  readonly text?: TemplateText;
}

/**
 * A Telegram message. Upstream: `notify/telegram/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#telegram_config
 */
export interface TelegramConfig extends HttpNotifier {
  /** File that holds the bot's token; needed here or globally. @default the global `telegram_bot_token_file` */
  readonly bot_token_file?: string;
  /** Exactly one of `chat_id` and `chat_id_file`. */
  readonly chat_id?: number;
  readonly chat_id_file?: string;
  /** Topic in the chat. @default none */
  readonly message_thread_id?: number;
  /** @default the global `telegram_api_url` */
  readonly api_url?: string;
  readonly message?: TemplateText;
  /** Send without a sound. @default false */
  readonly disable_notifications?: boolean;
  /** `''` is plain text. @default 'HTML' */
  readonly parse_mode?: 'Markdown' | 'MarkdownV2' | 'HTML' | '';
}

/**
 * A Discord message. Upstream: `notify/discord/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#discord_config
 */
export interface DiscordConfig extends HttpNotifier {
  /** File that holds the webhook URL; exactly one of the two. */
  readonly webhook_url_file?: string;
  /** A webhook that is no secret, for instance a service in the cluster. */
  readonly webhook_url?: string;
  readonly title?: TemplateText;
  readonly message?: TemplateText;
  readonly content?: TemplateText;
  readonly username?: TemplateText;
  readonly avatar_url?: TemplateText;
}
