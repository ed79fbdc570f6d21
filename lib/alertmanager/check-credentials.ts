import { credentialIn, credentialNamed, credentialsIn, isSecretName, isSecretSetting } from '../credentials';
import { fieldPath, itemPath, type Report } from './report';
import type { Leaf } from './schema';
import { adviceWithoutFile, fileField } from './secrets';

/** Maps whose names the user chooses, so that a name may tell a credential. */
const HEADERS = /\.(?:http_headers|headers|proxy_connect_header|endpoint_params)\.(.+?)(?:\.values)?(?:\[\d+\])*$/;
const SETTINGS = /\.(?:payload|details|custom_fields|claims|attributes|fields|labels)\.(?:.*\.)?([^.]+?)(?:\[\d+\])*$/;

/** The credential that a text of a path, which is no field for one, is by its name or holds; undefined if none. */
export function credentialAt(path: string, text: string): string | undefined {
  const [, header] = HEADERS.exec(path) ?? [];
  if (header !== undefined) return credentialNamed(header.split('.').at(-1) ?? '', text, isSecretName);
  const [, setting] = SETTINGS.exec(path) ?? [];
  if (setting !== undefined) return credentialNamed(setting, text, isSecretSetting);
  return credentialsIn(text)[0]?.what;
}

/** Credentials in the value of a field, in any part of it. */
export function checkCredentials(path: string, leaf: Leaf, value: unknown, report: Report): void {
  if (typeof value === 'string') checkText(path, leaf, value, report);
  else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      checkCredentials(itemPath(path, index), leaf, item, report);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) checkCredentials(fieldPath(path, name), leaf, item, report);
  }
}

function checkText(path: string, leaf: Leaf, value: string, report: Report): void {
  if (value === '') return;
  if (!leaf.secret) {
    // What migrate, and Alertmanager's API, write in place of one.
    const what = value.includes('<secret>') ? "'<secret>', which is not the secret itself" : credentialAt(path, value);
    if (what === undefined) return;
    const message = `holds ${what}. This file is committed and shown to others: leave it out${insteadOf(path)}`;
    report.error('inline-secret', path, message);
    return;
  }
  const reason = leaf.secret === 'always' ? 'is a secret' : credentialIn(value);
  if (reason === undefined) return;
  const file = fileField(path);
  const advice = file
    ? `put it into a file, and its path into ${file}`
    : `no file can take its place: ${adviceWithoutFile(path)}`;
  report.error('inline-secret', path, `${reason}. This file is committed and shown to others: ${advice}`);
}

/** How the same is had without a credential in a text that no file can take the place of. */
function insteadOf(path: string): string {
  if (path.endsWith('.proxy_url')) return ': no file takes that of a proxy, so write one that asks for none';
  if (path.includes('.http_headers.')) return ', and write secrets or files of the header';
  if (/\.(payload|endpoint_params)\./.test(path)) return ', or send it with http_config, which takes files';
  return /[._]url$/.test(path) ? ', and write http_config.basic_auth with a password_file' : '';
}
