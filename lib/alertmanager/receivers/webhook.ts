import { atMostOne, integer, rule, since, string, templates } from '../config/schema';
import { goDuration, templateUrl } from '../config/values';
import { type GoDuration, type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * A POST request with the alerts as JSON. Upstream: `notify/webhook/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export interface WebhookConfig extends HttpNotifier {
  /** Target, templates allowed. For a URL that holds a secret use `url_file`; exactly one of the two. */
  readonly url?: TemplateText;
  readonly url_file?: string;
  /** Most alerts in one request; the rest is cut off. @default 0, no limit */
  readonly max_alerts?: number;
  /** Longest time for one request. @default '0s', no limit of its own */
  readonly timeout?: GoDuration;
  /** JSON body, with templates in its texts. @default Alertmanager's webhook message */
  readonly payload?: unknown;
}

export const webhook = receiverKind<WebhookConfig>({
  fields: {
    ...httpNotifier,
    url: templateUrl,
    url_file: string,
    max_alerts: integer,
    timeout: goDuration,
    payload: since('0.32.0', templates),
  },
  rules: [
    atMostOne('url', 'url_file'),
    rule(({ max_alerts }) => max_alerts < 0, { problem: 'negative number', fix: 'use 0 for no limit' }, 'max_alerts'),
  ],
  needs: [{ own: ['url', 'url_file'] }],
  urls: [{ own: 'url' }],
  sendResolvedByDefault: true,
  minimal: { url_file: '/secrets/webhook' },
});
