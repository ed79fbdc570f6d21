import { secretFile } from './mounted-secrets';

/** Address of a webhook: exactly one of the two. */
export interface WebhookAddress {
  /**
   * Secret in Alertmanager's namespace with the URL under the key `url`, for a URL that is a credential.
   * @default none, `webhookUrl` is required
   */
  readonly webhookSecret?: string;
  /** URL without a credential, e.g. of a Service in the cluster. @default none, `webhookSecret` is required */
  readonly webhookUrl?: string;
}

/** Key of a webhook's URL in its Secret. */
const URL_KEY = 'url';

/** File that holds the URL. */
export function webhookFile(webhookSecret: string): string {
  return secretFile({ name: webhookSecret, key: URL_KEY });
}
