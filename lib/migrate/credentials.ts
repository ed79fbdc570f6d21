import { credentialAt } from '../alertmanager/checks/credentials';
import type { AlertmanagerConfig } from '../alertmanager/config/config';
import { alertmanagerConfig } from '../alertmanager/config/config-schema';
import { httpHeader } from '../alertmanager/config/http-schema';
import { any, type ObjectOf, type Schema } from '../alertmanager/config/schema';
import { adviceWithoutFile } from '../alertmanager/config/secrets';
import { secretFile, secretOf } from '../alertmanager/mounted-secrets';
import type { CheckId } from '../checks';
import { formatPath, type Path } from '../checks/findings';
import {
  credentialIn,
  credentialNamed,
  isSecretName,
  isSecretSetting,
  namedVariables,
  variablesIn,
  withoutCredentials,
} from '../credentials';
import { portOf } from '../kubernetes/destination';
import { freeName } from './names';

/** Name of the Secret for the credentials of alertmanager.yml. */
export const CREDENTIALS = 'alertmanager-credentials';

/** A credential in the original file, without its value. */
export interface Credential {
  /** Key for it in the Secret. */
  readonly key: string;
  /** Path of it in the file, such as `receivers[0].slack_configs[0].api_url`. */
  readonly path: string;
  /** File that the old Alertmanager read it from. @default none, the value was in alertmanager.yml */
  readonly file?: string;
}

/** A field that the user must correct. */
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
  /** Secrets that the file already reads from, mounted as by the Prometheus Operator. */
  readonly secrets: readonly string[];
  readonly toCorrect: readonly ToCorrect[];
}

/** Placeholder for a credential, which the synthesis rejects; Alertmanager's API shows the same. */
export const BLANK = '<secret>';

/** `scheme://user:password@`, up to the last @ before the path: passwords may contain one. */
const USER_INFO = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#]*@/gi;
/** The same in a text, where a user without password, as in `ssh://git@`, is not a credential. */
const PASSWORD = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#:@{$]*:(?![{$])[^\s/?#{}]*@/gi;
const BLANK_USER_INFO = '<user>:<secret>@';

/** A neutral value, with which only the name decides whether a field is a credential. */
const ANY_VALUE = 'value';

/** Texts that are sent unchanged, in which only the name marks a credential. */
const isParameter = (path: Path) => path.includes('endpoint_params');
const isPayload = (path: Path) => path.includes('payload');

/** Schema of unknown fields: misspelled ones, and receivers of former versions. */
const UNKNOWN: Schema = { ...any };

/** Directories of files in Alertmanager's image. */
const IN_IMAGE = /^\/(etc\/ssl|usr\/share)\//;

/** Replaces each credential by the path of a file, or by a placeholder if Alertmanager cannot read it from a file. */
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

  /** Moves hidden values of a header, and values of headers with the name of a credential, to `files`. */
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
    // In a field with the name of a credential, the text around a variable is a part of the credential.
    const isPart = (free && named) || credentialAt(path, ANY_VALUE) !== undefined;
    if (variables.length > 0 && isPart) return this.blank(path);
    if (variables.length > 0) return this.variables(namedVariables(text), variables, path);
    // The meaning of such a name is unknown.
    const byName = isLiteral(text) && !free && credentialAt(path, text) !== undefined;
    const withoutUser = text.replace(/url$/.test(lastName(path)) ? USER_INFO : PASSWORD, `$1${BLANK_USER_INFO}`);
    const cleaned = withoutCredentials(withoutUser).text;
    if (byName && cleaned === text) return this.blank(path, BLANK, 'may be a credential, so it');
    // An invalid URL with an @ may contain a password anywhere.
    const isUrl = /url$/.test(lastName(path)) && 'problem' in schema;
    const unreadable = isUrl && text.includes('@') && (!text.includes('://') || schema.problem?.(text) !== undefined);
    if (cleaned === text && !unreadable) return text;
    return this.blank(path, cleaned === text ? `http://${BLANK_USER_INFO}` : cleaned);
  }

  /** Replaces each variable by `<NAME>`, since Alertmanager does not replace variables. */
  private variables(text: string, names: readonly string[], path: Path): string {
    const problem = `contained the ${names.length > 1 ? 'variables' : 'variable'} ${names.join(', ')}, which Alertmanager does not replace`;
    this.toCorrect.push({ path, problem, fix: 'set the value', id: 'migrate-variable' });
    return withoutCredentials(text).text;
  }

  private blank(path: Path, text = BLANK, what = 'contained a credential, which'): string {
    const problem = `${what} was not written, because Alertmanager cannot read it from a file`;
    this.toCorrect.push({ path, problem, fix: adviceOn(path) });
    return text;
  }

  /** The synthesis cannot read a URL in a file, so that the NetworkPolicy allows port 443 only. */
  private mustBeHttps(value: string, path: Path): void {
    if (!/^https?:/.test(value) || !URL.canParse(value) || portOf(value) === 443) return;
    this.toCorrect.push({
      path,
      problem: `connects to ${new URL(value).host}, but NetworkPolicies allow only port 443 for a URL in a file`,
      fix: 'use a URL without the credential and put the credential in a file of http_config, or add a NetworkPolicy',
    });
  }

  private toSecret(path: Path, file?: string): string {
    const key = freeName(this.keyOf(path), '', this.keys);
    this.credentials.push({ key, path: formatPath(path), ...(file && { file }) });
    return secretFile({ name: CREDENTIALS, key });
  }

  /** Returns the path of a file in the Alertmanager of the stack. */
  private mounted(file: string, path: Path): string {
    if (file === '' || IN_IMAGE.test(file)) return file;
    const secret = secretOf(file);
    if (secret === undefined) return this.toSecret(path, file);
    this.secrets.add(secret);
    return file;
  }

  /** Returns a readable key of a Secret: `slack_api_url`, `payments-slack_configs-0-api_url`. */
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
    return 'restore it if it is not a credential; else remove it, or send it via http_config, which reads files';
  return adviceWithoutFile(path);
}
