import * as v from 'valibot';
import { type Finding, finding } from '../checks/findings';
import { assertOptions, objectName, optionsOf } from '../validate/validate';
import type { AlertmanagerConfig } from './config/config';

/** Folder of the mounted Secrets, each in a subfolder of its name, as with the Prometheus Operator. */
const SECRETS_PATH = '/etc/alertmanager/secrets';

/** A key of a Secret in Alertmanager's namespace, with the field names of Kubernetes. */
export interface SecretKey {
  /** Name of the Secret; it must be one of the option `alertmanager.secrets`. */
  readonly name: string;
  /** Key in the Secret, the name of the file. */
  readonly key: string;
}

const secretKey = optionsOf<SecretKey>()({ name: objectName, key: v.string() });

/**
 * Returns the path of a Secret's key as a file in Alertmanager's pods, for the `*_file` fields of receivers. Most
 * receivers read it at every notification, so a change of the Secret needs no restart.
 *
 * @throws Error if the name is not a valid name of a Secret, or the key is missing
 * @example
 * const onCall: Receiver = {
 *   name: 'on-call',
 *   pagerduty_configs: [{ routing_key_file: secretFile({ name: 'pagerduty', key: 'key' }) }],
 * };
 */
export function secretFile(secret: SecretKey): string {
  assertOptions('secretFile', secretKey, secret);
  return filePath(secret);
}

function filePath({ name, key }: SecretKey): string {
  return `${secretFolder(name)}/${key}`;
}

/** Folder of the keys of a Secret, as files. */
export function secretFolder(secret: string): string {
  return `${SECRETS_PATH}/${secret}`;
}

export interface SecretFiles {
  readonly config: AlertmanagerConfig;
  /** Names of the mounted Secrets, from `alertmanager.secrets` and other options. */
  readonly secrets: readonly string[];
}

/** Reports files that are read but not mounted as errors, and Secrets that are mounted but not read as warnings. */
export function checkSecretFiles({ config, secrets }: SecretFiles): Finding[] {
  const read = new Set(filesOf(config).map(secretOf));
  const missing = [...read].filter((name) => name !== undefined && !secrets.includes(name));
  const unread = secrets.filter((name) => !read.has(name));
  return [
    ...missing.map((name) =>
      finding('option', {
        ...LIST,
        problem: `missing Secret "${name}", from which a receiver reads a file`,
        fix: 'add it to the list',
      }),
    ),
    ...unread.map((name) =>
      finding('option', {
        ...LIST,
        severity: 'warning',
        problem: `unused Secret "${name}": no receiver reads a file from it`,
        fix: `remove it, or read ${filePath({ name, key: '<key>' })}`,
      }),
    ),
  ];
}

const LIST = { path: ['alertmanager', 'secrets'], subject: "option 'alertmanager.secrets'" };

/** Returns the Secret that a path is in; undefined if it is not in one. */
export function secretOf(path: string): string | undefined {
  const { secret } = /^\/etc\/alertmanager\/secrets\/+(?<secret>[^/]+)/.exec(path)?.groups ?? {};
  return secret;
}

/** Values of all fields for file names: `api_url_file`, `ca_file`, the `files` of a header. */
function filesOf(value: unknown, isFile = false): string[] {
  if (typeof value === 'string') return isFile ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => filesOf(item, isFile));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, item]) => filesOf(item, name === 'files' || name.endsWith('_file')));
}
