import { atMostOne, integer, rule, since, string, templates } from '../config/schema';
import { goDuration, templateUrl } from '../config/values';
import { type GoDuration, type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * A POST request with the alerts as JSON. Upstream: `notify/webhook/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export interface WebhookConfig extends HttpNotifier {
  /** URL, may be a template. Exactly one of `url` and `url_file`, which is for a URL that is a secret. */
  readonly url?: TemplateText;
  readonly url_file?: string;
  /** Maximum number of alerts in one request; further ones are dropped. @default 0, no limit */
  readonly max_alerts?: number;
  /** Timeout of one request. @default '0s', none of its own */
  readonly timeout?: GoDuration;
  /** JSON body, whose strings may be templates. @default Alertmanager's webhook message */
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
