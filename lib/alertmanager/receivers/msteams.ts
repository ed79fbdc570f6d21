import { atMostOne, string, template } from '../config/schema';
import { secretUrl } from '../config/values';
import { type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * A message to an Office 365 connector of Microsoft Teams, which Microsoft has replaced by workflows: use `msteamsv2`.
 * Upstream: `notify/msteams/config.go`, https://prometheus.io/docs/alerting/latest/configuration/#msteams_config
 */
export interface MsTeamsConfig extends HttpNotifier {
  /** File that holds the webhook URL. Exactly one of `webhook_url_file` and `webhook_url`. */
  readonly webhook_url_file?: string;
  /** Webhook URL that is not a secret, e.g. of a service in the cluster. */
  readonly webhook_url?: string;
  readonly title?: TemplateText;
  readonly summary?: TemplateText;
  readonly text?: TemplateText;
}

export const msteams = receiverKind<MsTeamsConfig>({
  fields: {
    ...httpNotifier,
    webhook_url_file: string,
    webhook_url: secretUrl,
    title: template,
    summary: template,
    text: template,
  },
  rules: [atMostOne('webhook_url', 'webhook_url_file')],
  needs: [{ own: ['webhook_url_file', 'webhook_url'] }],
  urls: [{ own: 'webhook_url' }],
  defaultTemplates: ['summary', 'text', 'title'],
  sendResolvedByDefault: true,
  minimal: { webhook_url_file: '/secrets/teams' },
});
