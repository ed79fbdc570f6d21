import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { templateNames } from '../go-template';
import { assertOptions, objectName, optionsOf } from '../validate/validate';
import type { Receiver } from './config/config';
import { secretFile } from './mounted-secrets';
import type { SlackConfig } from './receivers/slack-config';
import {
  SLACK_UPDATES,
  type SlackOptions,
  type SlackProps,
  type SlackUpdates,
  slackForms,
  tokenSecret,
} from './slack-options';
import type { TemplateFile } from './templates';
import { webhookFile } from './webhook-address';

/** Props of `slackReceiver`. */
export type SlackReceiverProps = SlackProps & {
  /** Name of the receiver, as routes use it. */
  readonly name: string;
};

const receiverProps = v.pipe(
  optionsOf<SlackOptions & { readonly name: string }>()({
    name: v.string(),
    // Their contents are checked with the rest of the config.
    webhookSecret: v.optional(objectName),
    webhookUrl: v.optional(v.string()),
    tokenSecret: v.optional(tokenSecret),
    channel: v.optional(v.string()),
    updates: v.optional(v.picklist(SLACK_UPDATES)),
  }),
  slackForms(),
);

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

/** Key of an app's token in its Secret. */
const TOKEN_KEY = 'token';

const UPDATES: Readonly<Record<SlackUpdates, Partial<SlackConfig>>> = {
  edit: { update_message: true },
  thread: { post_updates_to_thread: true },
  post: {},
};

/**
 * Returns a receiver that sends the stack's Slack message, see slack.tmpl, when alerts fire and when they are resolved.
 * A Secret other than that of the option `slack` must be listed in `alertmanager.secrets`.
 *
 * @throws Error with every unknown option, every value of the wrong type, and options that contradict each other
 * @example
 * const slack: SlackProps = { webhookSecret: 'slack-webhook', channel: '#alerts' };
 * const payments = slackReceiver({ ...slack, name: 'payments-slack', channel: '#payments' });
 * const orders = slackReceiver({ name: 'orders', tokenSecret: 'slack-app', channel: '#orders', updates: 'thread' });
 */
export function slackReceiver(props: SlackReceiverProps): Receiver {
  assertOptions('slackReceiver', receiverProps, props);
  return { name: props.name, slack_configs: [slackConfig(props)] };
}

/** Returns the item of `slack_configs` for the stack's Slack message. */
export function slackConfig(props: SlackProps): SlackConfig {
  return {
    ...addressOf(props),
    channel: props.channel ?? DEFAULT_CHANNEL,
    // Alertmanager's default is false, but the end of a log flood should be notified.
    send_resolved: true,
    title: '{{ template "slack.title" . }}',
    text: '{{ template "slack.text" . }}',
    // Shown where the message does not fit, e.g. in push notifications.
    fallback: '{{ template "slack.title" . }}',
  };
}

function addressOf({ webhookSecret, webhookUrl, tokenSecret, updates = 'post' }: SlackProps): SlackConfig {
  if (tokenSecret !== undefined) {
    return { app_token_file: secretFile({ name: tokenSecret, key: TOKEN_KEY }), ...UPDATES[updates] };
  }
  return webhookSecret ? { api_url_file: webhookFile(webhookSecret) } : { api_url: webhookUrl };
}
