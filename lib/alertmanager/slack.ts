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
 * Slack as the stack's messages reach it. The URL of a real Slack webhook is itself a credential, so it is read from
 * `webhookSecret`; `webhookUrl` is for a stand-in, as the demo's slack-inbox. Alertmanager reads the Secret as a file at
 * every notification, so a changed one needs no restart.
 */
export interface SlackProps extends WebhookAddress {
  /** Channel of every receiver that names none. @default '#notifications' */
  readonly channel?: string;
}

/** Props of `slackReceiver`. */
export interface SlackReceiverProps extends SlackProps {
  /** Name of the receiver, as routes use it. */
  readonly name: string;
}

const receiverProps = optionsOf<SlackReceiverProps>()({
  name: v.string(),
  // What it holds, and that there is exactly one address, is checked with the rest of the configuration.
  webhookSecret: v.optional(objectName),
  webhookUrl: v.optional(v.string()),
  channel: v.optional(v.string()),
});

/** The stack's message, mounted beside alertmanager.yml. */
export const SLACK_TEMPLATE: TemplateFile = {
  file: 'slack.tmpl',
  text: readFileSync(join(__dirname, 'slack.tmpl'), 'utf8'),
};

/** The templates in it, which `slackConfig` calls. */
export const SLACK_TEMPLATES: readonly string[] = templateNames(SLACK_TEMPLATE.text).defined;

/** Template files with the stack's own before them, unless they define its templates themselves. */
export function withSlackTemplate(files: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  // Of two files that define a template Alertmanager takes the last one by name, and says nothing.
  const replaced = Object.values(files).some((text) =>
    templateNames(text).defined.some((name) => SLACK_TEMPLATES.includes(name)),
  );
  return replaced ? files : { [SLACK_TEMPLATE.file]: SLACK_TEMPLATE.text, ...files };
}

const DEFAULT_CHANNEL = '#notifications';

/**
 * Returns a receiver that sends the stack's Slack message, see slack.tmpl, when alerts fire and when they are resolved.
 * A Secret other than that of the option `slack` must be listed in `alertmanager.secrets`.
 *
 * @throws Error with every unknown name and wrong type of the props
 * @example
 * const slack: SlackProps = { webhookSecret: 'slack-webhook', channel: '#alerts' };
 * const payments = slackReceiver({ ...slack, name: 'payments-slack', channel: '#payments' });
 */
export function slackReceiver(props: SlackReceiverProps): Receiver {
  assertOptions('slackReceiver', receiverProps, props);
  return { name: props.name, slack_configs: [slackConfig(props)] };
}

/** The stack's Slack message in Alertmanager's words. */
export function slackConfig({ webhookSecret, webhookUrl, channel = DEFAULT_CHANNEL }: SlackProps): SlackConfig {
  return {
    ...(webhookSecret ? { api_url_file: webhookFile(webhookSecret) } : { api_url: webhookUrl }),
    channel,
    // Alertmanager's default is false; a flood that is over should be heard of.
    send_resolved: true,
    title: '{{ template "slack.title" . }}',
    text: '{{ template "slack.text" . }}',
    // Shown where there is no room for the message, in a notification on a phone for instance.
    fallback: '{{ template "slack.title" . }}',
  };
}
