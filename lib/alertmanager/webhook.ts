import type { Receiver } from './config/config';
import type { HttpConfig } from './config/http-config';
import { secretFile } from './mounted-secrets';

/** How Alertmanager reaches a webhook. Exactly one of `url` and `urlSecret`. */
export interface WebhookProps {
  /** URL without a credential, as of a Service in the cluster: `http://bridge.chat.svc:8080/alerts`. */
  readonly url?: string;
  /** Secret that holds a URL which is itself a credential, under the key `url`; it must be one of `alertmanager.secrets`. */
  readonly urlSecret?: string;
  /**
   * Secret whose key `token` is sent as `Authorization: Bearer …`; it must be one of `alertmanager.secrets`.
   * @default no authorization
   */
  readonly tokenSecret?: string;
  /** The rest of its HTTP client: certificates, a proxy, headers. @default the global `http_config` */
  readonly httpConfig?: HttpConfig;
  /** Most alerts in one request; the rest is cut off. @default 0, no limit */
  readonly maxAlerts?: number;
  /** Whether the end of an alert is told too. @default true */
  readonly sendResolved?: boolean;
}

/** Key of a webhook's URL in its Secret. */
export const URL_KEY = 'url';

/** Key of a token in its Secret. */
const TOKEN_KEY = 'token';

/**
 * A receiver that posts alerts as JSON.
 * @param name name of the receiver, as routes use it
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export function webhookReceiver(name: string, webhook: WebhookProps): Receiver {
  const { url, urlSecret, tokenSecret, httpConfig, maxAlerts, sendResolved } = webhook;
  return {
    name,
    webhook_configs: [
      {
        // Neither or both is told by the checks of the configuration, with everything else.
        ...(url === undefined ? {} : { url }),
        ...(urlSecret === undefined ? {} : { url_file: secretFile(urlSecret, URL_KEY) }),
        ...(tokenSecret || httpConfig
          ? {
              http_config: {
                ...httpConfig,
                ...(tokenSecret ? { authorization: { credentials_file: secretFile(tokenSecret, TOKEN_KEY) } } : {}),
              },
            }
          : {}),
        ...(maxAlerts === undefined ? {} : { max_alerts: maxAlerts }),
        send_resolved: sendResolved ?? true,
      },
    ],
  };
}
