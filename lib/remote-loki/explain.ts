import { LokiRefusal, NoAnswer } from '../engines';
import { excerpt } from '../text/excerpt';

/** A Loki that a request was sent to. */
export interface Asked {
  /** Base URL, without credentials. */
  readonly url: string;
  readonly tenant?: string;
  /** Headers of authentication. @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that the credentials do not allow. */
export class Denied extends Error {}

/** True for the refusal of a request without a tenant. */
export function isWithoutTenant(error: unknown): boolean {
  return error instanceof LokiRefusal && error.status === 401 && /no org id/i.test(error.reason);
}

/** Returns the error of a request with what to do about it. Other errors are returned as they are. */
export function explained(error: unknown, { url, tenant, headers = {} }: Asked): unknown {
  if (error instanceof NoAnswer) return new Error(`${error.message}: check the URL, and that Loki runs`);
  if (!(error instanceof LokiRefusal)) return error;
  const { status, reason } = error;
  const at = `Loki at ${url}`;
  if (isWithoutTenant(error)) return new Error(`${at} has several tenants, and none was named: pass --tenant`);
  if (status === 401 && Object.keys(headers).length > 0)
    return new Error(
      `${at} rejected the credentials (401): renew the token if it has expired, and check LOKI_USERNAME and LOKI_PASSWORD, or LOKI_BEARER_TOKEN`,
    );
  if (status === 401)
    return new Error(
      `${at} responded with 401: set LOKI_USERNAME and LOKI_PASSWORD, or LOKI_BEARER_TOKEN; with several tenants, pass --tenant too`,
    );
  if (status === 403) {
    const who = tenant === undefined ? '' : `, and to tenant '${tenant}'`;
    return new Denied(`${at} denied access (403: ${shortened(reason)}): give the token access to logs and rules${who}`);
  }
  if (status === 429) return new Error(`${at} still limits the rate after several retries (429): run it again later`);
  if (/many org ids|multiple org ids/i.test(reason))
    return new Error(`${at} allows only one tenant per request: pass one ID as --tenant`);
  return error;
}

/** First line of a response, without the rest of an error page. */
export function shortened(reason: string): string {
  const [line = ''] = reason
    .replace(/<[^>]*>/g, ' ')
    .trim()
    .split('\n');
  return excerpt(line.trim(), 200) || 'no reason given';
}
