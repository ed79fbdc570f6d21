import type { AlertmanagerVersion } from '../../versions/alertmanager';
import type { HttpConfig } from '../config/http-config';
import { httpConfig } from '../config/http-schema';
import {
  atLeastOne,
  boolean,
  type FieldRule,
  type Fields,
  type ObjectOf,
  object,
  type Schema,
  type SchemasOf,
} from '../config/schema';

/** A Go template that Alertmanager renders for every notification, e.g. `{{ .CommonLabels.alertname }}`. */
export type TemplateText = string;

/** A Go duration: `10s`, `1m30s`, `500ms`. */
export type GoDuration = string;

/** Options of every integration. */
export interface Notifier {
  /**
   * Also notifies when an alert is resolved.
   * @default true; false for Slack, email, WeChat and Rocket.Chat
   */
  readonly send_resolved?: boolean;
}

/** Options of every integration that sends HTTP requests. */
export interface HttpNotifier extends Notifier {
  /** @default the global `http_config` */
  readonly http_config?: HttpConfig;
}

export const notifier = { send_resolved: boolean };
export const httpNotifier = { ...notifier, http_config: httpConfig };

/** Fields of which one must be set, in the integration or, if it is inherited, in `global`. */
export interface RequiredFields {
  readonly own: readonly string[];
  /** Fields of `global` that are inherited. @default none */
  readonly global?: readonly string[];
  /** Returns the fields of `global` that an integration does not inherit, and the reason. @default inherits all */
  readonly notInherited?: (
    config: Fields,
  ) => { readonly fields: readonly string[]; readonly reason: string } | undefined;
}

/** A field with the address that notifications are sent to. */
export interface UrlField {
  readonly own: string;
  /** Field of `global` that is used instead. @default none */
  readonly global?: string;
  /** Port of an address without one. @default none, the field is a URL and not `host:port` */
  readonly port?: number;
  /** Returns false if the integration does not use the field, nor that of `global`. @default always used */
  readonly isUsed?: (config: Fields, global: Fields) => boolean;
}

/** A contradiction between an integration and `global`. */
export interface GlobalProblem {
  /** Alertmanager starts despite a warning. */
  readonly severity: 'error' | 'warning';
  /** @default the integration itself */
  readonly field?: string;
  readonly problem: string;
  readonly fix?: string;
}

/** Description of a kind of integration. */
interface Description<Config, Global> {
  /** Version of Alertmanager that introduced it. @default older than all supported versions */
  readonly since?: AlertmanagerVersion;
  readonly fields: SchemasOf<Config>;
  /** Fields that the types leave out: secrets written in the file. @default none */
  readonly untyped?: Readonly<Record<string, Schema>>;
  /** Rules between its own fields, besides `needs`. @default none */
  readonly rules?: readonly FieldRule[];
  readonly needs: readonly RequiredFields[];
  /** Fields with its addresses. @default none, it only connects to a public service */
  readonly urls?: readonly UrlField[];
  /** Names of Alertmanager's templates for it, without `<kind>.default.`. @default none */
  readonly defaultTemplates?: readonly string[];
  /** Templates that later versions introduced, by version. @default none */
  readonly newerTemplates?: Readonly<Record<AlertmanagerVersion, readonly string[]>>;
  readonly sendResolvedByDefault: boolean;
  /** Inherits `proxy_url` from `global` even if it has an `http_config`. @default false */
  readonly inheritsProxy?: boolean;
  /** A minimal config, with credentials in files. */
  readonly minimal: Config;
  /** Its fields of `global`. @default none */
  readonly global?: {
    readonly fields: SchemasOf<Global>;
    readonly untyped?: Readonly<Record<string, Schema>>;
    readonly rules?: readonly FieldRule[];
  };
  /** Returns contradictions between the two, besides `needs`. @default none */
  readonly checkGlobal?: (config: Fields, global: Fields, version: AlertmanagerVersion) => readonly GlobalProblem[];
}

/** A kind of integration, with its schemas. */
export interface ReceiverKind<Config = object, Global = object>
  extends Omit<Description<Config, Global>, 'fields' | 'untyped' | 'rules' | 'global'> {
  readonly schema: ObjectOf;
  readonly global: ObjectOf;
}

/** Describes a kind of integration; `Config` and `Global` are its types in TypeScript. */
export function receiverKind<Config extends object, Global extends object = Record<never, never>>({
  fields,
  untyped,
  rules = [],
  global,
  ...kind
}: Description<Config, Global>): ReceiverKind<Config, Global> {
  const ofItself = kind.needs.filter((need) => need.global === undefined).map(({ own }) => atLeastOne(...own));
  return {
    ...kind,
    schema: object<Config>(fields, untyped, [...ofItself, ...rules]),
    global: object<Global>(global?.fields ?? ({} as SchemasOf<Global>), global?.untyped, global?.rules),
  };
}
