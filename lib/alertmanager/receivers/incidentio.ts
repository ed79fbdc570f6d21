import { authorizes } from '../config/http-schema';
import { atMostOne, integer, isSet, map, rule, secret, since, string, template } from '../config/schema';
import { goDuration, url } from '../config/values';
import { type GoDuration, type HttpNotifier, httpNotifier, receiverKind, type TemplateText } from './kind';

/**
 * An incident.io alert. An `http_config` requires either its `authorization` or a token. Upstream:
 * `notify/incidentio/config.go`, https://prometheus.io/docs/alerting/latest/configuration/#incidentio_config
 */
export interface IncidentioConfig extends HttpNotifier {
  /** URL of the alert source. Exactly one of `url` and `url_file`. */
  readonly url?: string;
  readonly url_file?: string;
  /** File that holds the alert source's token. @default none */
  readonly alert_source_token_file?: string;
  /** Maximum number of alerts in one request; further ones are dropped. @default 0, no limit */
  readonly max_alerts?: number;
  /** Timeout of one request. @default '0s', none of its own */
  readonly timeout?: GoDuration;
  /** Additional fields of the alert. @default none */
  readonly metadata?: Readonly<Record<string, TemplateText>>;
}

export const incidentio = receiverKind<IncidentioConfig>({
  since: '0.29.0',
  fields: {
    ...httpNotifier,
    url,
    url_file: string,
    alert_source_token_file: string,
    max_alerts: integer,
    timeout: goDuration,
    metadata: since('0.35.0', map(template)),
  },
  untyped: { alert_source_token: secret },
  rules: [
    atMostOne('url', 'url_file'),
    atMostOne('alert_source_token', 'alert_source_token_file'),
    rule(
      ({ http_config, ...own }) => authorizes(http_config) && hasToken(own),
      { problem: 'authorization cannot be combined with alert_source_token_file', fix: 'remove one of the two' },
      'http_config',
    ),
    rule(({ http_config, ...own }) => isSet(http_config) && !authorizes(http_config) && !hasToken(own), {
      problem: 'neither alert_source_token_file nor http_config.authorization is set',
      fix: 'set one of them',
    }),
    rule(({ max_alerts }) => max_alerts < 0, { problem: 'negative number', fix: 'use 0 for no limit' }, 'max_alerts'),
  ],
  needs: [{ own: ['url', 'url_file'] }],
  urls: [{ own: 'url' }],
  sendResolvedByDefault: true,
  minimal: { url_file: '/secrets/incidentio-url' },
});

function hasToken(own: { readonly alert_source_token?: unknown; readonly alert_source_token_file?: unknown }): boolean {
  return isSet(own.alert_source_token) || isSet(own.alert_source_token_file);
}
