import { discord } from './discord';
import { email } from './email';
import { incidentio } from './incidentio';
import { jira } from './jira';
import type { ReceiverKind } from './kind';
import { mattermost } from './mattermost';
import { msteams } from './msteams';
import { msteamsv2 } from './msteamsv2';
import { opsgenie } from './opsgenie';
import { pagerduty } from './pagerduty';
import { pushover } from './pushover';
import { rocketchat } from './rocketchat';
import { slack } from './slack';
import { sns } from './sns';
import { telegram } from './telegram';
import { victorops } from './victorops';
import { webex } from './webex';
import { webhook } from './webhook';
import { wechat } from './wechat';

export type { GlobalProblem, ReceiverKind, TemplateText } from './kind';

/**
 * Every kind of integration, by name; a receiver lists those of a kind in the field `<name>_configs`. Checks, types,
 * network policies, tests of notifications and docs/receivers.md derive from it.
 */
const kinds = {
  discord,
  email,
  incidentio,
  jira,
  mattermost,
  msteams,
  msteamsv2,
  opsgenie,
  pagerduty,
  pushover,
  rocketchat,
  slack,
  sns,
  telegram,
  victorops,
  webex,
  webhook,
  wechat,
};

type Kinds = typeof kinds;
type ConfigOf<Kind> = Kind extends ReceiverKind<infer Config, infer _> ? Config : never;
type GlobalOf<Kind> = Kind extends ReceiverKind<infer _, infer Global> ? Global : never;
type Intersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The integrations of a receiver. */
export type Integrations = {
  readonly [Name in keyof Kinds as `${Name}_configs`]?: readonly ConfigOf<Kinds[Name]>[];
};

/** Defaults of integrations in `global`. */
export type IntegrationDefaults = Intersection<GlobalOf<Kinds[keyof Kinds]>>;

export const receiverKinds: Readonly<Record<string, ReceiverKind>> = kinds;

/** Returns the field of a receiver that lists its integrations of a kind. */
export const configsField = (kind: string): string => `${kind}_configs`;

/** One integration of a receiver. */
export interface Integration {
  /** Name of its kind. */
  readonly name: string;
  readonly kind: ReceiverKind;
  /** Position among the receiver's integrations of its kind. */
  readonly index: number;
  readonly config: object;
}

/** Returns all integrations of a receiver, in order. */
export function integrationsOf(receiver: object): Integration[] {
  return Object.entries(receiver).flatMap(([field, configs]) => {
    const name = field.replace(/_configs$/, '');
    const kind = field.endsWith('_configs') && Object.hasOwn(receiverKinds, name) ? receiverKinds[name] : undefined;
    if (!kind || !Array.isArray(configs)) return [];
    return (configs as readonly object[]).map((config, index) => ({ name, kind, index, config }));
  });
}
