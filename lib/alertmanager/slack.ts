import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateNames } from '../go-template';
import type { Receiver } from './config/config';
import { secretFile } from './mounted-secrets';
import type { TemplateFile } from './templates';
import { URL_KEY } from './webhook';

/** How Alertmanager reaches Slack. Exactly one of `webhookSecret` and `webhookUrl`. */
export interface SlackProps {
  /**
   * Name of a Secret in Alertmanager's namespace that holds the incoming webhook's URL under the key `url`.
   * Alertmanager reads it as a file at every notification, so a changed Secret needs no restart.
   */
  readonly webhookSecret?: string;
  /**
   * URL of something that takes Slack's webhook calls and needs no credential, as the demo's slack-inbox does. The URL
   * of a real Slack webhook is itself a credential: refused here, because dist is committed.
   */
  readonly webhookUrl?: string;
  /** Channel of every receiver that names none. @default '#notifications' */
  readonly channel?: string;
}

/** The stack's message, mounted beside alertmanager.yml. */
export const SLACK_TEMPLATE: TemplateFile = {
  file: 'slack.tmpl',
  text: readFileSync(join(__dirname, 'slack.tmpl'), 'utf8'),
};

/** The templates in it, which `slackReceiver` calls. */
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
 * A receiver that sends the stack's Slack message, see slack.tmpl, when alerts fire and when they are resolved.
 * @param name name of the receiver, as routes use it
 * @param slack how Slack is reached
 * @param channel @default the channel of `slack`
 */
export function slackReceiver(name: string, slack: SlackProps, channel = slack.channel ?? DEFAULT_CHANNEL): Receiver {
  return {
    name,
    slack_configs: [
      {
        ...(slack.webhookSecret
          ? { api_url_file: secretFile(slack.webhookSecret, URL_KEY) }
          : { api_url: slack.webhookUrl }),
        channel,
        // Alertmanager's default is false; a flood that is over should be heard of.
        send_resolved: true,
        title: '{{ template "slack.title" . }}',
        text: '{{ template "slack.text" . }}',
        // Shown where there is no room for the message, in a notification on a phone for instance.
        fallback: '{{ template "slack.title" . }}',
      },
    ],
  };
}
