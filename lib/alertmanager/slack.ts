import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { templateNames } from '../go-template';
import { assertOptions, objectName, optionsOf } from '../validate/validate';
import type { Receiver } from './config/config';
import type { SlackConfig } from './receivers/slack-config';
import type { TemplateFile } from './templates';
import { type WebhookAddress, webhookFile } from './webhook-address';

/**
 * Webhook and channel for messages to Slack. The URL of a real Slack webhook is a credential, so it is read from
 * `webhookSecret`; `webhookUrl` is for a stand-in such as the demo's slack-inbox. Alertmanager reads the Secret as a
 * file at every notification, so a change needs no restart.
 */
export interface SlackProps extends WebhookAddress {
  /** Channel, e.g. `#alerts`. @default '#notifications' */
  readonly channel?: string;
}

/** Props of `slackReceiver`. */
export interface SlackReceiverProps extends SlackProps {
  /** Name of the receiver, as routes use it. */
  readonly name: string;
}

const receiverProps = optionsOf<SlackReceiverProps>()({
  name: v.string(),
  // Their contents, and that exactly one is set, are checked with the rest of the config.
  webhookSecret: v.optional(objectName),
  webhookUrl: v.optional(v.string()),
  channel: v.optional(v.string()),
});

/** The stack's message template, mounted beside alertmanager.yml. */
export const SLACK_TEMPLATE: TemplateFile = {
  file: 'slack.tmpl',
  text: readFileSync(join(__dirname, 'slack.tmpl'), 'utf8'),
};

/** Templates for log lines in a message. */
export const LINES_TEMPLATE: TemplateFile = {
  file: 'lines.tmpl',
  text: readFileSync(join(__dirname, 'lines.tmpl'), 'utf8'),
};

/** Returns the names of the templates in slack.tmpl, which `slackConfig` calls. Only an app with templates of its own needs them. */
export function slackTemplates(): readonly string[] {
  return templateNames(SLACK_TEMPLATE.text).defined;
}

/** Adds the stack's template files to others, each unless they define one of its templates themselves. */
export function withSlackTemplate(files: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  // If two files define a template, Alertmanager silently takes the last file by name.
  const defined = Object.values(files).flatMap((text) => templateNames(text).defined);
  const isReplaced = ({ text }: TemplateFile) =>
    defined.length > 0 && templateNames(text).defined.some((name) => defined.includes(name));
  const own = [LINES_TEMPLATE, SLACK_TEMPLATE].filter((template) => !isReplaced(template));
  return { ...Object.fromEntries(own.map(({ file, text }) => [file, text])), ...files };
}

const DEFAULT_CHANNEL = '#notifications';

/**
 * Returns a receiver that sends the stack's Slack message, see slack.tmpl, when alerts fire and when they are resolved.
 * A Secret other than that of the option `slack` must be listed in `alertmanager.secrets`.
 *
 * @throws Error with every unknown option and every value of the wrong type
 * @example
 * const slack: SlackProps = { webhookSecret: 'slack-webhook', channel: '#alerts' };
 * const payments = slackReceiver({ ...slack, name: 'payments-slack', channel: '#payments' });
 */
export function slackReceiver(props: SlackReceiverProps): Receiver {
  assertOptions('slackReceiver', receiverProps, props);
  return { name: props.name, slack_configs: [slackConfig(props)] };
}

/** Returns the item of `slack_configs` for the stack's Slack message. */
export function slackConfig({ webhookSecret, webhookUrl, channel = DEFAULT_CHANNEL }: SlackProps): SlackConfig {
  return {
    ...(webhookSecret ? { api_url_file: webhookFile(webhookSecret) } : { api_url: webhookUrl }),
    channel,
    // Alertmanager's default is false, but the end of a log flood should be notified.
    send_resolved: true,
    title: '{{ template "slack.title" . }}',
    text: '{{ template "slack.text" . }}',
    // Shown where the message does not fit, e.g. in push notifications.
    fallback: '{{ template "slack.title" . }}',
  };
}
