import { Option } from 'commander';
import { UsageError } from '../lint/exit-codes';
import type { RemoteLokiOptions } from '../remote-loki/remote-loki';
import type { RuleFile } from '../rules/model';
import { byTenant, OWN_TENANT, rulesOfTenant, tenantsOf } from '../rules/tenant';

/** Options of all commands that send requests to a running Loki. */
export const LOKI_HELP = 'Authentication as in logcli: LOKI_USERNAME and LOKI_PASSWORD, or LOKI_BEARER_TOKEN.';

/** `--loki`, required, or LOKI_ADDR. */
export function lokiOption(): Option {
  return new Option('--loki <url>', 'base URL of Loki').env('LOKI_ADDR').makeOptionMandatory();
}

/** `--tenant`, or LOKI_ORG_ID. */
export function tenantOption(): Option {
  return new Option('--tenant <id>', 'tenant, for X-Scope-OrgID').env('LOKI_ORG_ID');
}

/**
 * Address and authentication of a running Loki. User and password may also be in the URL.
 * @throws UsageError if the URL, the credentials or the tenant cannot be sent; it never contains a credential
 */
export function remoteOptions(
  loki: string,
  tenant: string | undefined,
  env: NodeJS.ProcessEnv = process.env,
): RemoteLokiOptions {
  // `localhost:3100` is a valid URL, whose scheme is `localhost`.
  if (/^[\w.-]+:\d+(\/|$)/.test(loki)) throw new UsageError(`invalid URL of --loki: use http://${loki}`);
  const url = URL.canParse(loki) ? new URL(loki) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.host === '')
    throw new UsageError('invalid URL of --loki: use e.g. http://localhost:3100 or https://logs-prod-eu.grafana.net');
  const headers = credentials(env, url);
  try {
    new Headers({ ...headers, ...(tenant !== undefined && { 'X-Scope-OrgID': tenant }) });
  } catch {
    throw new UsageError('invalid characters in the credentials or in --tenant: check LOKI_BEARER_TOKEN and --tenant');
  }
  // The address of the API instead of the base URL is a common mistake.
  const path = url.pathname.replace(/\/(loki\/api\/v1.*)?$/, '');
  return { url: url.origin + path, tenant, headers };
}

function credentials(env: NodeJS.ProcessEnv, url: URL): Record<string, string> {
  const token = env.LOKI_BEARER_TOKEN?.trim();
  if (token) return { Authorization: `Bearer ${token}` };
  const user = env.LOKI_USERNAME?.trim() || decodeURIComponent(url.username);
  const password = env.LOKI_USERNAME ? (env.LOKI_PASSWORD ?? '').trim() : decodeURIComponent(url.password);
  return user ? { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } : {};
}

/**
 * Rule files by the tenant to name in requests: of all tenants, or of one. A Loki without tenants needs none; beside
 * files of tenants, those without one belong to the default tenant.
 * @throws UsageError if the tenant has no files
 */
export function requestTenants(
  files: readonly RuleFile[],
  tenant: string | undefined,
): Map<string | undefined, readonly RuleFile[]> {
  if (tenant !== undefined) {
    const own = rulesOfTenant(files, tenant);
    if (!own) throw new UsageError(`no rules of tenant '${tenant}': set --tenant to one of ${tenantsOf(files)}`);
    return new Map([[tenant, own]]);
  }
  const tenants = byTenant(files);
  return new Map([...tenants].map(([id, own]) => [id ?? (tenants.size > 1 ? OWN_TENANT : undefined), own]));
}
