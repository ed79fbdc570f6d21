import { atMostOne, list, map, object, secret, since, string, template, templates } from '../config/schema';
import { goDuration, url } from '../config/values';
import { type GoDuration, type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * A PagerDuty event. One of the two keys is required. Upstream: `notify/pagerduty/config.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#pagerduty_config
 */
export interface PagerdutyConfig extends HttpNotifier {
  /** File that holds the integration key of the Events API v2. */
  readonly routing_key_file?: string;
  /** File that holds the integration key of the older "Prometheus" integration. */
  readonly service_key_file?: string;
  /** @default the global `pagerduty_url` */
  readonly url?: string;
  readonly client?: TemplateText;
  readonly client_url?: TemplateText;
  readonly description?: TemplateText;
  /** `critical`, `error`, `warning` or `info`. @default 'error' */
  readonly severity?: TemplateText;
  /** @default `client` */
  readonly source?: TemplateText;
  readonly class?: TemplateText;
  readonly component?: TemplateText;
  readonly group?: TemplateText;
  /** Additional details. @default the firing and resolved alerts and their numbers */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly images?: readonly PagerdutyImage[];
  readonly links?: readonly PagerdutyLink[];
  /** Timeout of one request. @default '0s', none of its own */
  readonly timeout?: GoDuration;
}

export interface PagerdutyImage {
  readonly src?: TemplateText;
  readonly alt?: TemplateText;
  readonly href?: TemplateText;
}

export interface PagerdutyLink {
  readonly href?: TemplateText;
  readonly text?: TemplateText;
}

export interface PagerdutyGlobal {
  /** @default 'https://events.pagerduty.com/v2/enqueue' */
  readonly pagerduty_url?: string;
}

export const pagerduty = receiverKind<PagerdutyConfig, PagerdutyGlobal>({
  fields: {
    ...httpNotifier,
    routing_key_file: string,
    service_key_file: string,
    url,
    client: template,
    client_url: template,
    description: template,
    severity: template,
    source: template,
    class: template,
    component: template,
    group: template,
    details: map(templates),
    images: list(object<PagerdutyImage>({ src: template, alt: template, href: template })),
    links: list(object<PagerdutyLink>({ href: template, text: template })),
    timeout: since('0.30.0', goDuration),
  },
  untyped: { routing_key: secret, service_key: secret },
  rules: [atMostOne('routing_key', 'routing_key_file'), atMostOne('service_key', 'service_key_file')],
  needs: [{ own: ['routing_key_file', 'service_key_file', 'routing_key', 'service_key'] }],
  urls: [{ own: 'url', global: 'pagerduty_url' }],
  defaultTemplates: ['client', 'clientURL', 'description', 'instances'],
  sendResolvedByDefault: true,
  minimal: { routing_key_file: '/secrets/pagerduty' },
  global: { fields: { pagerduty_url: url } },
});
