import { credentialAt } from '../alertmanager/checks/credentials';
import type { AlertmanagerConfig } from '../alertmanager/config/config';
import { alertmanagerConfig } from '../alertmanager/config/config-schema';
import { httpHeader } from '../alertmanager/config/http-schema';
import { any, type ObjectOf, type Schema } from '../alertmanager/config/schema';
import { adviceWithoutFile } from '../alertmanager/config/secrets';
import { secretFile, secretOf } from '../alertmanager/mounted-secrets';
import type { CheckId } from '../checks';
import { formatPath, type Path } from '../checks/findings';
import { credentialIn, credentialNamed, isSecretName, isSecretSetting, withoutCredentials } from '../credentials';
import { portOf } from '../kubernetes/destination';
import { freeName } from './names';
import { namedVariables, variablesIn } from './variables';

/** Secret that takes the credentials out of an alertmanager.yml. */
export const CREDENTIALS = 'alertmanager-credentials';

/** A credential that stood in the file. Its value is nowhere in here. */
export interface Credential {
  /** Key of the Secret that it belongs into. */
  readonly key: string;
  /** Where it was, as `receivers[0].slack_configs[0].api_url`. */
  readonly path: string;
  /** The file that it was read from there, and that the stack's Alertmanager does not have. */
  readonly file?: string;
}

/** A credential that no file can take the place of, or that leads where Alertmanager may not connect from a file. */
export interface ToCorrect {
  readonly path: Path;
  readonly problem: string;
  readonly fix: string;
  /** @default 'migrate-credential' */
  readonly id?: CheckId;
}

export interface WithoutCredentials {
  readonly config: AlertmanagerConfig;
  readonly credentials: readonly Credential[];
  /** Secrets that the file reads already, mounted as the Prometheus Operator does it. */
  readonly secrets: readonly string[];
  readonly toCorrect: readonly ToCorrect[];
}

/** What the synthesis refuses in a field of a credential, and Alertmanager's API shows for one. */
export const BLANK = '<secret>';

/** `scheme://user:password@`, up to the last @ before the path; passwords may hold one. */
const USER_INFO = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#]*@/gi;
/** The same in a text, where a user alone, as in `ssh://git@`, is no credential. */
const PASSWORD = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#:@{$]*:(?![{$])[^\s/?#{}]*@/gi;
const BLANK_USER_INFO = '<user>:<secret>@';

/** A value that tells nothing, so that the name alone does. */
const ANY_VALUE = 'value';

/** Texts that are sent as they are, in which the name alone tells a credential. */
const isParameter = (path: Path) => path.includes('endpoint_params');
const isPayload = (path: Path) => path.includes('payload');

/** What stands in fields that Alertmanager does not know: misspelled ones, and receivers of former versions. */
const UNKNOWN: Schema = { ...any };

/** Files that Alertmanager's image has. */
const OF_THE_IMAGE = /^\/(etc\/ssl|usr\/share)\//;

/** The same configuration with each credential read from a file, or blanked where Alertmanager takes no file. */
export function withoutConfigCredentials(config: AlertmanagerConfig): WithoutCredentials {
  const mover = new Mover(config);
  const moved = mover.value(config, alertmanagerConfig, []) as AlertmanagerConfig;
  const { credentials, toCorrect } = mover;
  return { config: moved, credentials, secrets: [...mover.secrets], toCorrect };
}

class Mover {
  readonly credentials: Credential[] = [];
  readonly toCorrect: ToCorrect[] = [];
  readonly secrets = new Set<string>();
  private readonly keys = new Set<string>();

  constructor(private readonly config: AlertmanagerConfig) {}

  value(value: unknown, schema: Schema, path: Path): unknown {
    if (typeof value === 'string') return this.text(value, schema, path);
    if (Array.isArray(value)) {
      const items = schema.kind === 'list' ? schema.items : schema;
      return value.map((item, index) => this.value(item, items, [...path, index]));
    }
    if (typeof value !== 'object' || value === null) return value;
    if (schema === httpHeader) return this.header(value, path);
    const entries = Object.entries(value);
    if (schema.kind === 'object') {
      return Object.fromEntries(entries.map(([name, item]) => this.field(name, item, schema, path)));
    }
    const values = schema.kind === 'map' ? schema.values : schema;
    return Object.fromEntries(entries.map(([name, item]) => [name, this.value(item, values, [...path, name])]));
  }

  private field(name: string, item: unknown, schema: ObjectOf, path: Path): [string, unknown] {
    const at = [...path, name];
    const field = Object.hasOwn(schema.fields, name) ? (schema.fields[name] as Schema) : UNKNOWN;
    const byFile = `${name}_file`;
    if (isCredential(item, field) && Object.hasOwn(schema.fields, byFile)) {
      this.mustBeHttps(item as string, [...path, byFile]);
      return [byFile, this.toSecret(at)];
    }
    if (name.endsWith('_file') && typeof item === 'string') return [name, this.mounted(item, at)];
    return [name, this.value(item, field, at)];
  }

  /** A header's hidden values, and those whose name tells that they should be; `files` takes them. */
  private header(header: Header, path: Path): Header {
    const { values, secrets = [], files = [] } = header;
    const name = lastName(path);
    const hidden = (values ?? []).some(
      (text) =>
        credentialNamed(name, text, isSecretName) !== undefined || (isSecretName(name) && variablesIn(text).length > 0),
    );
    const all = [
      ...(hidden ? (values ?? []) : []).map((_, index) => this.toSecret([...path, 'values', index])),
      ...secrets.map((_, index) => this.toSecret([...path, 'secrets', index])),
      ...files.map((file, index) => this.mounted(file, [...path, 'files', index])),
    ];
    return { ...(values && !hidden ? { values } : {}), ...(all.length > 0 ? { files: all } : {}) };
  }

  private text(text: string, schema: Schema, path: Path): string {
    const payload = isPayload(path);
    const free = schema === UNKNOWN || payload || isParameter(path);
    const named = payload ? isSecretSetting(lastName(path)) : isSecretName(lastName(path));
    if (isCredential(text, schema) || (free && isLiteral(text) && credentialIn(text) !== undefined)) {
      return this.blank(path);
    }
    if (free && isLiteral(text) && named) return this.blank(path, BLANK, 'may be a credential, so it');
    const variables = variablesIn(text);
    // Where the name tells a credential, what stands beside the variable is a part of it.
    const isPart = (free && named) || credentialAt(path, ANY_VALUE) !== undefined;
    if (variables.length > 0 && isPart) return this.blank(path);
    if (variables.length > 0) return this.variables(namedVariables(text), variables, path);
    // A name that only the user knows the meaning of.
    const byName = isLiteral(text) && !free && credentialAt(path, text) !== undefined;
    const withoutUser = text.replace(/url$/.test(lastName(path)) ? USER_INFO : PASSWORD, `$1${BLANK_USER_INFO}`);
    const cleaned = withoutCredentials(withoutUser).text;
    if (byName && cleaned === text) return this.blank(path, BLANK, 'may be a credential, so it');
    // What is no URL of that form, but has an @ in the field of one, may have the password anywhere.
    const isUrl = /url$/.test(lastName(path)) && 'problem' in schema;
    const unreadable = isUrl && text.includes('@') && (!text.includes('://') || schema.problem?.(text) !== undefined);
    if (cleaned === text && !unreadable) return text;
    return this.blank(path, cleaned === text ? `http://${BLANK_USER_INFO}` : cleaned);
  }

  /** Alertmanager replaces no variables: `<NAME>` takes the place of each. */
  private variables(text: string, names: readonly string[], path: Path): string {
    const problem = `held the ${names.length > 1 ? 'variables' : 'variable'} ${names.join(', ')}, which Alertmanager does not replace`;
    this.toCorrect.push({ path, problem, fix: 'write the value', id: 'migrate-variable' });
    return withoutCredentials(text).text;
  }

  private blank(path: Path, text = BLANK, what = 'held a credential, which'): string {
    const problem = `${what} was not written, because Alertmanager cannot read it from a file`;
    this.toCorrect.push({ path, problem, fix: adviceOn(path) });
    return text;
  }

  /** What a file holds is not known to the synthesis, whose NetworkPolicy then allows port 443. */
  private mustBeHttps(value: string, path: Path): void {
    if (!/^https?:/.test(value) || !URL.canParse(value) || portOf(value) === 443) return;
    this.toCorrect.push({
      path,
      problem: `leads to ${new URL(value).host} via a file, but NetworkPolicies allow only port 443 for a URL in a file`,
      fix: 'use a URL without the credential, and a file of http_config for it, or add your own policy',
    });
  }

  private toSecret(path: Path, file?: string): string {
    const key = freeName(this.keyOf(path), '', this.keys);
    this.credentials.push({ key, path: formatPath(path), ...(file && { file }) });
    return secretFile({ name: CREDENTIALS, key });
  }

  /** A file's path that is right in the stack's Alertmanager. */
  private mounted(file: string, path: Path): string {
    if (file === '' || OF_THE_IMAGE.test(file)) return file;
    const secret = secretOf(file);
    if (secret === undefined) return this.toSecret(path, file);
    this.secrets.add(secret);
    return file;
  }

  /** Readable, and allowed in a Secret: `slack_api_url`, `payments-slack_configs-0-api_url`. */
  private keyOf(path: Path): string {
    const [section, index, ...rest] = path;
    const receiver = section === 'receivers' ? this.config.receivers[Number(index)] : undefined;
    const named = receiver ? [receiver.name, ...rest] : section === 'global' ? path.slice(1) : path;
    return named
      .join('-')
      .replace(/[^\w-]+/g, '-')
      .replace(/-+$/, '');
  }
}

interface Header {
  readonly values?: readonly string[];
  readonly secrets?: readonly string[];
  readonly files?: readonly string[];
}

function isCredential(value: unknown, schema: Schema): boolean {
  if (typeof value !== 'string' || value === '' || schema.kind !== 'string' || !schema.secret) return false;
  return schema.secret === 'always' || credentialIn(value) !== undefined || !(URL.canParse(value) || !isLiteral(value));
}

function lastName(path: Path): string {
  return String(path.findLast((part) => typeof part === 'string') ?? '');
}

function isLiteral(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('{{');
}

function adviceOn(path: Path): string {
  if (isPayload(path))
    return 'if it is none, write it again; else remove it, or send it by http_config, which takes files';
  return adviceWithoutFile(path);
}
