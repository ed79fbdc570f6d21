import * as v from 'valibot';
import { assertOptions, objectName, optionsOf, schemaAs } from '../validate/validate';
import type { Receiver } from './config/config';
import type { HttpConfig } from './config/http-config';
import { secretFile } from './mounted-secrets';
import type { WebhookConfig } from './receivers/webhook';
import { type WebhookAddress, webhookFile } from './webhook-address';

/** Settings of a webhook. */
export interface WebhookProps extends WebhookAddress {
  /**
   * Secret whose key `token` is sent as `Authorization: Bearer …`; it must be one of `alertmanager.secrets`.
   * @default none, no authorization
   */
  readonly tokenSecret?: string;
  /** Further settings of the HTTP client: certificates, proxy, headers. @default the global `http_config` */
  readonly httpConfig?: HttpConfig;
  /** Maximum number of alerts in one request; further ones are dropped. @default 0, no limit */
  readonly maxAlerts?: number;
  /** Also notifies when an alert is resolved. @default true */
  readonly sendResolved?: boolean;
}

/** Props of `webhookReceiver`. */
export interface WebhookReceiverProps extends WebhookProps {
  /** Name of the receiver, as routes use it. */
  readonly name: string;
}

const receiverProps = optionsOf<WebhookReceiverProps>()({
  name: v.string(),
  // Their contents, and that exactly one is set, are checked with the rest of the config.
  webhookSecret: v.optional(objectName),
  webhookUrl: v.optional(v.string()),
  tokenSecret: v.optional(objectName),
  httpConfig: v.optional(schemaAs<HttpConfig>(v.looseObject({}))),
  maxAlerts: v.optional(v.number()),
  sendResolved: v.optional(v.boolean()),
});

/** Key of a token in its Secret. */
const TOKEN_KEY = 'token';

/**
 * Returns a receiver that posts alerts as JSON. Its Secrets must be listed in `alertmanager.secrets`.
 *
 * @throws Error with every unknown option and every value of the wrong type
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 * @example
 * const routing: LogAlertingProps['routing'] = {
 *   routes: [{ matchers: ['team="chat"'], receiver: 'bridge' }],
 *   receivers: [
 *     webhookReceiver({ name: 'bridge', webhookUrl: 'http://bridge.chat.svc:8080', tokenSecret: 'bridge-token' }),
 *   ],
 * };
 */
export function webhookReceiver(props: WebhookReceiverProps): Receiver {
  assertOptions('webhookReceiver', receiverProps, props);
  return { name: props.name, webhook_configs: [webhookConfig(props)] };
}

/** Returns the item of `webhook_configs` for a webhook. */
export function webhookConfig({
  webhookSecret,
  webhookUrl,
  tokenSecret,
  httpConfig,
  maxAlerts,
  sendResolved,
}: WebhookProps): WebhookConfig {
  return {
    ...(webhookUrl === undefined ? {} : { url: webhookUrl }),
    ...(webhookSecret === undefined ? {} : { url_file: webhookFile(webhookSecret) }),
    ...(tokenSecret || httpConfig
      ? {
          http_config: {
            ...httpConfig,
            ...(tokenSecret
              ? { authorization: { credentials_file: secretFile({ name: tokenSecret, key: TOKEN_KEY }) } }
              : {}),
          },
        }
      : {}),
    ...(maxAlerts === undefined ? {} : { max_alerts: maxAlerts }),
    send_resolved: sendResolved ?? true,
  };
}
