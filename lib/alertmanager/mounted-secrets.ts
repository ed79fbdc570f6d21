import { type Finding, finding } from '../checks/findings';
import type { AlertmanagerConfig } from './config/config';

/** Where Secrets are mounted, each in a folder of its name: as the Prometheus Operator does it for its Alertmanager. */
const SECRETS_PATH = '/etc/alertmanager/secrets';

/**
 * Path of a Secret's key as a file in Alertmanager's pods, for the `*_file` fields of receivers. The Secret must be one
 * of the option `alertmanager.secrets`. Most receivers read it at every notification, so a changed Secret needs no
 * restart.
 * @param secret its name, in Alertmanager's namespace
 */
export function secretFile(secret: string, key: string): string {
  return `${secretFolder(secret)}/${key}`;
}

/** Folder in which the keys of a Secret are files. */
export function secretFolder(secret: string): string {
  return `${SECRETS_PATH}/${secret}`;
}

/**
 * Files that are read and not mounted, as errors, and Secrets that are mounted and not read, as warnings.
 * @param secrets what the option `alertmanager.secrets` lists
 * @param own Secrets that are mounted without being listed, because another option names them
 */
export function checkSecretFiles(
  config: AlertmanagerConfig,
  secrets: readonly string[],
  own: readonly string[] = [],
): Finding[] {
  const read = new Set(filesOf(config).map(secretOf));
  const missing = [...read].filter((name) => name !== undefined && ![...secrets, ...own].includes(name));
  const unread = secrets.filter((name) => !read.has(name));
  return [
    ...missing.map((name) =>
      finding('option', {
        ...LIST,
        problem: `missing Secret "${name}", of which a receiver reads a file`,
        fix: 'add it to the list',
      }),
    ),
    ...unread.map((name) =>
      finding('option', {
        ...LIST,
        severity: 'warning',
        problem: `unused Secret "${name}": no receiver reads a file of it`,
        fix: `remove it, or read ${secretFile(name, '<key>')}`,
      }),
    ),
  ];
}

const LIST = { path: ['alertmanager', 'secrets'], subject: "option 'alertmanager.secrets'" };

/** The Secret that a path leads into. */
export function secretOf(path: string): string | undefined {
  const { secret } = /^\/etc\/alertmanager\/secrets\/+(?<secret>[^/]+)/.exec(path)?.groups ?? {};
  return secret;
}

/** Every text of fields that name files: `api_url_file`, `ca_file`, the `files` of a header. */
function filesOf(value: unknown, isFile = false): string[] {
  if (typeof value === 'string') return isFile ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => filesOf(item, isFile));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, item]) => filesOf(item, name === 'files' || name.endsWith('_file')));
}
