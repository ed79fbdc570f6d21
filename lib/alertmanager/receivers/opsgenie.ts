import {
  atLeastOne,
  atMostOne,
  boolean,
  type Leaf,
  list,
  map,
  object,
  rule,
  secret,
  string,
  template,
} from '../config/schema';
import { url } from '../config/values';
import { type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * An Opsgenie alert. Upstream: `notify/opsgenie/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#opsgenie_config
 */
export interface OpsgenieConfig extends HttpNotifier {
  /** File that holds the API key; required here or globally. @default the global `opsgenie_api_key_file` */
  readonly api_key_file?: string;
  /** @default the global `opsgenie_api_url` */
  readonly api_url?: string;
  readonly message?: TemplateText;
  readonly description?: TemplateText;
  readonly source?: TemplateText;
  readonly details?: Readonly<Record<string, TemplateText>>;
  readonly responders?: readonly OpsgenieResponder[];
  /** Comma-separated. */
  readonly tags?: TemplateText;
  readonly note?: TemplateText;
  /** `P1` to `P5`. @default Opsgenie's, P3 */
  readonly priority?: TemplateText;
  /** Updates the message and description of an open alert. @default false */
  readonly update_alerts?: boolean;
  readonly entity?: TemplateText;
  /** Comma-separated. */
  readonly actions?: TemplateText;
}

/** A responder. Requires one of `id`, `name` and `username`. */
export interface OpsgenieResponder {
  readonly id?: TemplateText;
  readonly name?: TemplateText;
  readonly username?: TemplateText;
  /** `team`, `teams`, `user`, `escalation`, `schedule`, or a template. */
  readonly type: TemplateText;
}

export interface OpsgenieGlobal {
  /** @default 'https://api.opsgenie.com/' */
  readonly opsgenie_api_url?: string;
  readonly opsgenie_api_key_file?: string;
}

const RESPONDERS = ['team', 'teams', 'user', 'escalation', 'schedule'];
const responderType: Leaf<'string'> = { kind: 'string', template: 'load' };

export const opsgenie = receiverKind<OpsgenieConfig, OpsgenieGlobal>({
  fields: {
    ...httpNotifier,
    api_key_file: string,
    api_url: url,
    message: template,
    description: template,
    source: template,
    details: map(template),
    responders: list(
      object<OpsgenieResponder>({ id: template, name: template, username: template, type: responderType }, {}, [
        atLeastOne('id', 'name', 'username'),
        rule(
          ({ type = '' }) => !type.includes('{{') && !RESPONDERS.includes(type.toLowerCase()),
          { problem: 'unknown type', fix: `use one of ${RESPONDERS.join(', ')}` },
          'type',
        ),
      ]),
    ),
    tags: template,
    note: template,
    priority: template,
    update_alerts: boolean,
    entity: template,
    actions: template,
  },
  untyped: { api_key: secret },
  rules: [atMostOne('api_key', 'api_key_file')],
  needs: [{ own: ['api_key_file', 'api_key'], global: ['opsgenie_api_key_file', 'opsgenie_api_key'] }],
  urls: [{ own: 'api_url', global: 'opsgenie_api_url' }],
  defaultTemplates: ['description', 'message', 'source'],
  sendResolvedByDefault: true,
  minimal: { api_key_file: '/secrets/opsgenie' },
  global: {
    fields: { opsgenie_api_url: url, opsgenie_api_key_file: string },
    untyped: { opsgenie_api_key: secret },
    rules: [atMostOne('opsgenie_api_key', 'opsgenie_api_key_file')],
  },
});
