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

/** A Go template that Alertmanager renders for every notification, for instance `{{ .CommonLabels.alertname }}`. */
export type TemplateText = string;

/** A duration of Go's form: `10s`, `1m30s`, `500ms`. */
export type GoDuration = string;

/** What every integration has. */
export interface Notifier {
  /**
   * Also notify when an alert is resolved.
   * @default true; false for Slack, email, WeChat and Rocket.Chat
   */
  readonly send_resolved?: boolean;
}

/** What every integration that sends HTTP requests has. */
export interface HttpNotifier extends Notifier {
  /** @default the global `http_config` */
  readonly http_config?: HttpConfig;
}

export const notifier = { send_resolved: boolean };
export const httpNotifier = { ...notifier, http_config: httpConfig };

/** A group of fields of which one must be set, in the integration or, where it inherits from there, in `global`. */
export interface RequiredFields {
  readonly own: readonly string[];
  /** @default none, only the integration's own fields count */
  readonly global?: readonly string[];
  /** Returns the fields of `global` that this integration does not inherit, and why. @default it inherits all */
  readonly notInherited?: (
    config: Fields,
  ) => { readonly fields: readonly string[]; readonly reason: string } | undefined;
}

/** A field with the place that notifications go to. */
export interface UrlField {
  readonly own: string;
  /** Field of `global` that is used instead. @default none */
  readonly global?: string;
  /** Port of an address without one; set where the field holds `host:port` and not a URL. */
  readonly port?: number;
}

/** A contradiction between an integration and `global`. */
export interface GlobalProblem {
  /** Alertmanager starts in spite of a warning. */
  readonly severity: 'error' | 'warning';
  /** @default the integration itself */
  readonly field?: string;
  readonly problem: string;
  readonly fix?: string;
}

/** What a kind of integration is to be described with. */
interface Description<Config, Global> {
  /** Version of Alertmanager that brought it. @default older than all that are known here */
  readonly since?: AlertmanagerVersion;
  readonly fields: SchemasOf<Config>;
  /** Further fields that the types leave out: secrets written in the file. @default none */
  readonly untyped?: Readonly<Record<string, Schema>>;
  /** Rules between its own fields, beside `needs`. @default none */
  readonly rules?: readonly FieldRule[];
  readonly needs: readonly RequiredFields[];
  /** @default none: it connects to a public service only */
  readonly urls?: readonly UrlField[];
  /** Alertmanager's own templates for it, as named after `<kind>.default.`. @default none */
  readonly defaultTemplates?: readonly string[];
  /** Those that a later version brought. @default none */
  readonly newerTemplates?: Readonly<Record<AlertmanagerVersion, readonly string[]>>;
  readonly sendResolvedByDefault: boolean;
  /** Takes `proxy_url` from `global` even when it has an `http_config`. @default false */
  readonly inheritsProxy?: boolean;
  /** A config with what is needed and no more, credentials in files. */
  readonly minimal: Config;
  /** Its fields of `global`. @default none */
  readonly global?: {
    readonly fields: SchemasOf<Global>;
    readonly untyped?: Readonly<Record<string, Schema>>;
    readonly rules?: readonly FieldRule[];
  };
  /** Returns what contradicts between the two, beside `needs`. @default nothing */
  readonly checkGlobal?: (config: Fields, global: Fields, version: AlertmanagerVersion) => readonly GlobalProblem[];
}

/** A kind of integration: everything that is to be known of it. */
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
