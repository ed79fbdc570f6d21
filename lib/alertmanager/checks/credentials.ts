import type { Path } from '../../checks/findings';
import { credentialIn, credentialNamed, credentialsIn, isSecretName, isSecretSetting } from '../../credentials';
import type { ConfigFindings } from '../config/config-findings';
import type { Leaf } from '../config/schema';
import { adviceWithoutFile, fileField } from '../config/secrets';
import { variableProblem } from '../config/variables';

/** Maps with names chosen by the user, which may indicate a credential. */
const HEADERS: Names = new Set(['http_headers', 'headers', 'proxy_connect_header', 'endpoint_params']);
const SETTINGS: Names = new Set(['payload', 'details', 'custom_fields', 'claims', 'attributes', 'fields', 'labels']);

type Names = ReadonlySet<string | number>;

/** Describes a credential, by name or content, in a field that is not meant for one; undefined if there is none. */
export function credentialAt(path: Path, text: string): string | undefined {
  const header = nameIn(HEADERS, path);
  if (header !== undefined) return credentialNamed(header, text, isSecretName);
  const setting = nameIn(SETTINGS, path);
  if (setting !== undefined) return credentialNamed(setting, text, isSecretSetting);
  return credentialsIn(text)[0]?.what;
}

/** The innermost name below one of these maps; `values` is the list of a header. */
function nameIn(maps: Names, path: Path): string | undefined {
  const map = path.findIndex((part, i) => i > 0 && maps.has(part));
  const names = map < 0 ? [] : path.slice(map + 1).filter((part) => typeof part === 'string');
  const name = maps === HEADERS && names.length > 1 && names.at(-1) === 'values' ? names.at(-2) : names.at(-1);
  return name?.split('.').at(-1);
}

/** Reports credentials, and variables in place of them, in any part of a field's value. */
export function checkCredentials(path: Path, leaf: Leaf, value: unknown, report: ConfigFindings): void {
  if (typeof value === 'string') checkText(path, leaf, value, report);
  else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      checkCredentials([...path, index], leaf, item, report);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) checkCredentials([...path, name], leaf, item, report);
  }
}

function checkText(path: Path, leaf: Leaf, value: string, report: ConfigFindings): void {
  if (value === '') return;
  const variable = variableProblem(path, leaf, value);
  if (variable) {
    // Elsewhere, the invalid form is reported.
    if (!leaf.problem?.(value)) report.add('alertmanager-variable', path, variable);
    return;
  }
  if (!leaf.secret) {
    // `migrate` and Alertmanager's API write this in place of a credential.
    const what = value.includes('<secret>') ? "'<secret>', which is not the secret itself" : credentialAt(path, value);
    if (what === undefined) return;
    const problem = `contains ${what}, in a file that is committed`;
    report.add('inline-secret', path, { problem, fix: `remove it${insteadOf(path)}` });
    return;
  }
  const reason = leaf.secret === 'always' ? 'is a secret' : credentialIn(value);
  if (reason === undefined) return;
  const file = fileField(path);
  const fix = file
    ? `put the credential in a Secret, and the path of its file in ${file}`
    : `${adviceWithoutFile(path)}; Alertmanager cannot read it from a file`;
  report.add('inline-secret', path, { problem: `${reason}, in a file that is committed`, fix });
}

/** The alternative to a credential in a field that cannot be read from a file. */
function insteadOf(path: Path): string {
  const field = String(path.at(-1));
  if (field === 'proxy_url') return ', and use a proxy that needs no password';
  if (path.includes('http_headers')) return ', and use "secrets" or "files" of the header';
  if (path.includes('payload') || path.includes('endpoint_params'))
    return ', or send it with http_config, which can read files';
  return /(^|_)url$/.test(field) ? ', and use http_config.basic_auth with a password_file' : '';
}
