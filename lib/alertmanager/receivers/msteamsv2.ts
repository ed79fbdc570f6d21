import { atMostOne, string, template } from '../config/schema';
import { secretUrl } from '../config/values';
import { type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * A message to a Microsoft Teams workflow. Upstream: `notify/msteamsv2/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#msteamsv2_config
 */
export interface MsTeamsV2Config extends HttpNotifier {
  /** File that holds the webhook URL. Exactly one of `webhook_url_file` and `webhook_url`. */
  readonly webhook_url_file?: string;
  /** Webhook URL that is not a secret, e.g. of a service in the cluster. */
  readonly webhook_url?: string;
  readonly title?: TemplateText;
  readonly text?: TemplateText;
}

export const msteamsv2 = receiverKind<MsTeamsV2Config>({
  fields: { ...httpNotifier, webhook_url_file: string, webhook_url: secretUrl, title: template, text: template },
  rules: [atMostOne('webhook_url', 'webhook_url_file')],
  needs: [{ own: ['webhook_url_file', 'webhook_url'] }],
  urls: [{ own: 'webhook_url' }],
  defaultTemplates: ['text', 'title'],
  sendResolvedByDefault: true,
  inheritsProxy: true,
  minimal: { webhook_url_file: '/secrets/teams' },
});
