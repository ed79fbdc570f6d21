import { atMostOne, string, template } from '../config/schema';
import { secretUrl } from '../config/values';
import { type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * A Discord message. Upstream: `notify/discord/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#discord_config
 */
export interface DiscordConfig extends HttpNotifier {
  /** File that holds the webhook URL. Exactly one of `webhook_url_file` and `webhook_url`. */
  readonly webhook_url_file?: string;
  /** Webhook URL that is not a secret, e.g. of a service in the cluster. */
  readonly webhook_url?: string;
  readonly title?: TemplateText;
  readonly message?: TemplateText;
  /** Text before the message. @default none */
  readonly content?: TemplateText;
  /** @default the webhook's own name */
  readonly username?: TemplateText;
  /** @default the webhook's own picture */
  readonly avatar_url?: TemplateText;
}

export const discord = receiverKind<DiscordConfig>({
  fields: {
    ...httpNotifier,
    webhook_url_file: string,
    webhook_url: secretUrl,
    title: template,
    message: template,
    content: template,
    username: template,
    avatar_url: template,
  },
  rules: [atMostOne('webhook_url', 'webhook_url_file')],
  needs: [{ own: ['webhook_url_file', 'webhook_url'] }],
  urls: [{ own: 'webhook_url' }],
  defaultTemplates: ['content', 'message', 'title'],
  sendResolvedByDefault: true,
  minimal: { webhook_url_file: '/secrets/discord' },
});
