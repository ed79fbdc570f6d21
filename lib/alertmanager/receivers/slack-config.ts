import type { GoDuration, HttpNotifier, TemplateText } from './kind';

/**
 * A Slack message. Upstream: `notify/slack/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#slack_config
 *
 * The text fields default to the template of the same name, e.g. `{{ template "slack.default.title" . }}`.
 */
export interface SlackConfig extends HttpNotifier {
  /** File that holds the webhook URL, read at every notification. @default the global `slack_api_url_file` */
  readonly api_url_file?: string;
  /** Webhook URL that is not a secret, e.g. of a service in the cluster. At most one of `api_url` and `api_url_file`. */
  readonly api_url?: string;
  /** File that holds a Slack app's bot token, used instead of a webhook. @default the global `slack_app_token_file` */
  readonly app_token_file?: string;
  /** URL for the bot token's messages. @default 'https://slack.com/api/chat.postMessage' */
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
  /** Text of the message itself, outside the attachment. @default none */
  readonly message_text?: TemplateText;
  readonly fields?: readonly SlackField[];
  /** Displays fields side by side, unless a field sets `short`. @default false */
  readonly short_fields?: boolean;
  readonly footer?: TemplateText;
  readonly fallback?: TemplateText;
  readonly callback_id?: TemplateText;
  readonly icon_emoji?: TemplateText;
  readonly icon_url?: TemplateText;
  readonly image_url?: TemplateText;
  readonly thumb_url?: TemplateText;
  /** Turns `#names` and `@names` into links. @default false */
  readonly link_names?: boolean;
  /** Fields in Slack's Markdown. @default ['fallback', 'pretext', 'text'] */
  readonly mrkdwn_in?: readonly string[];
  readonly actions?: readonly SlackAction[];
  /** Updates the first message instead of sending another; requires a bot token. @default false */
  readonly update_message?: boolean;
  /** Sends later messages about a group as replies to its first one; requires a bot token. @default false */
  readonly post_updates_to_thread?: boolean;
  /** Timeout of one request. @default '0s', none of its own */
  readonly timeout?: GoDuration;
}

export interface SlackField {
  readonly title: TemplateText;
  readonly value: TemplateText;
  /** @default the config's `short_fields` */
  readonly short?: boolean;
}

/** A button. Requires `url` or `name`. */
export interface SlackAction {
  readonly type: TemplateText;
  readonly text: TemplateText;
  readonly url?: TemplateText;
  readonly style?: TemplateText;
  readonly name?: TemplateText;
  readonly value?: TemplateText;
  readonly confirm?: SlackConfirmation;
}

export interface SlackConfirmation {
  readonly text: TemplateText;
  readonly title?: TemplateText;
  readonly ok_text?: TemplateText;
  readonly dismiss_text?: TemplateText;
}

export interface SlackGlobal {
  /** File that holds the Slack webhook URL, read at every notification. @default none */
  readonly slack_api_url_file?: string;
  /** Webhook URL that is not a secret, e.g. of a Slack-compatible service in the cluster. @default none */
  readonly slack_api_url?: string;
  /** File that holds a Slack app's bot token. At most one of it and a webhook. @default none */
  readonly slack_app_token_file?: string;
  /** @default 'https://slack.com/api/chat.postMessage' */
  readonly slack_app_url?: string;
}
