import { atMostOne, map, secret, string, template } from '../config/schema';
import { url } from '../config/values';
import { type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * An alert of Splunk On-Call, formerly VictorOps. Upstream: `notify/victorops/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#victorops_config
 */
export interface VictoropsConfig extends HttpNotifier {
  /** File that holds the API key; required here or globally. @default the global `victorops_api_key_file` */
  readonly api_key_file?: string;
  /** @default the global `victorops_api_url` */
  readonly api_url?: string;
  readonly routing_key: TemplateText;
  /** `CRITICAL`, `WARNING` or `INFO`. @default 'CRITICAL' */
  readonly message_type?: TemplateText;
  readonly state_message?: TemplateText;
  readonly entity_display_name?: TemplateText;
  readonly monitoring_tool?: TemplateText;
  /** Additional fields. @default none */
  readonly custom_fields?: Readonly<Record<string, TemplateText>>;
}

export interface VictoropsGlobal {
  /** @default 'https://alert.victorops.com/integrations/generic/20131114/alert/' */
  readonly victorops_api_url?: string;
  readonly victorops_api_key_file?: string;
}

const RESERVED = [
  'routing_key',
  'message_type',
  'state_message',
  'entity_display_name',
  'monitoring_tool',
  'entity_id',
  'entity_state',
];

export const victorops = receiverKind<VictoropsConfig, VictoropsGlobal>({
  fields: {
    ...httpNotifier,
    api_key_file: string,
    api_url: url,
    routing_key: template,
    message_type: template,
    state_message: template,
    entity_display_name: template,
    monitoring_tool: template,
    custom_fields: map(template, (name) =>
      RESERVED.includes(name) ? { problem: `"${name}" is a reserved field of VictorOps`, fix: 'rename it' } : undefined,
    ),
  },
  untyped: { api_key: secret },
  rules: [atMostOne('api_key', 'api_key_file')],
  needs: [
    { own: ['routing_key'] },
    { own: ['api_key_file', 'api_key'], global: ['victorops_api_key_file', 'victorops_api_key'] },
  ],
  urls: [{ own: 'api_url', global: 'victorops_api_url' }],
  defaultTemplates: ['entity_display_name', 'monitoring_tool', 'state_message'],
  sendResolvedByDefault: true,
  minimal: { api_key_file: '/secrets/victorops', routing_key: 'team' },
  global: {
    fields: { victorops_api_url: url, victorops_api_key_file: string },
    untyped: { victorops_api_key: secret },
    rules: [atMostOne('victorops_api_key', 'victorops_api_key_file')],
  },
});
