import { type Destination, destinationAt, destinationOf } from '../kubernetes/destination';
import type { AlertmanagerConfig } from './config';
import { type Fields, isSet } from './schema';

/** Fields with the URL that notifications go to: the receiver's own, and the one of `global` in its place. */
const URLS: Readonly<Record<string, readonly { readonly own: string; readonly global?: string }[]>> = {
  slack_configs: [
    { own: 'api_url', global: 'slack_api_url' },
    { own: 'app_url', global: 'slack_app_url' },
  ],
  webhook_configs: [{ own: 'url' }],
  pagerduty_configs: [{ own: 'url', global: 'pagerduty_url' }],
  opsgenie_configs: [{ own: 'api_url', global: 'opsgenie_api_url' }],
  telegram_configs: [{ own: 'api_url', global: 'telegram_api_url' }],
  victorops_configs: [{ own: 'api_url', global: 'victorops_api_url' }],
  webex_configs: [{ own: 'api_url', global: 'webex_api_url' }],
  wechat_configs: [{ own: 'api_url', global: 'wechat_api_url' }],
  jira_configs: [{ own: 'api_url', global: 'jira_api_url' }],
  rocketchat_configs: [{ own: 'api_url', global: 'rocketchat_api_url' }],
  mattermost_configs: [{ own: 'webhook_url', global: 'mattermost_webhook_url' }],
  msteams_configs: [{ own: 'webhook_url' }],
  msteamsv2_configs: [{ own: 'webhook_url' }],
  discord_configs: [{ own: 'webhook_url' }],
  incidentio_configs: [{ own: 'url' }],
  sns_configs: [{ own: 'api_url' }],
  pushover_configs: [],
};

/** Every public service that Alertmanager knows, and any URL that only a Secret knows. */
const HTTPS: Destination = { port: 443 };

/** Where a host without a port listens for mail. Upstream asks for the port, and this is told apart by its checks. */
const SMTP_PORT = 25;

/** Where Kafka listens unless a broker says otherwise. */
const KAFKA_PORT = 9092;

/**
 * Every place that Alertmanager must reach to notify the receivers of a configuration, and to tell of itself, each once. A place that is
 * written in a file, or in a template, is not known: HTTPS at its own port is assumed.
 * @param namespace Alertmanager's own, in which a host without dots is
 */
export function destinations(config: AlertmanagerConfig, namespace: string): Destination[] {
  const global: Fields = config.global ?? {};
  const all = (config.receivers ?? []).flatMap((receiver) =>
    Object.entries(receiver as Fields)
      .filter(([kind]) => kind.endsWith('_configs'))
      .flatMap(([kind, configs]) =>
        (configs as readonly Fields[]).flatMap((fields) =>
          kind === 'email_configs'
            ? [ofAddress(fields.smarthost ?? global.smtp_smarthost, SMTP_PORT, namespace)]
            : ofHttp(kind, fields, global, namespace),
        ),
      ),
  );
  const places = [...all, ...ofItself(config, namespace)];
  return [...new Map(places.map((one) => [JSON.stringify(one), one])).values()];
}

function ofHttp(kind: string, fields: Fields, global: Fields, namespace: string): Destination[] {
  const client: Fields = fields.http_config ?? global.http_config ?? {};
  const urls = [...new Set(urlsOf(kind, fields, global))].map((url) => (url ? ofUrl(url, namespace) : HTTPS));
  const proxied = isSet(client.proxy_url) ? [ofUrl(client.proxy_url, namespace)] : urls;
  const { oauth2 } = client;
  if (!isSet(oauth2)) return proxied;
  return [...proxied, ofUrl(isSet(oauth2.proxy_url) ? oauth2.proxy_url : oauth2.token_url, namespace)];
}

/** Undefined stands for one that is not written. */
function urlsOf(kind: string, fields: Fields, global: Fields): (string | undefined)[] {
  const known = URLS[kind] ?? [];
  const own = known.flatMap((each): string[] => (isSet(fields[each.own]) ? [fields[each.own]] : []));
  if (own.length > 0) return own;
  // A file of the receiver's own goes before the URL of `global`, and a file of `global` keeps its secret too.
  if (known.some((each) => isSet(fields[`${each.own}_file`]))) return [undefined];
  const inherited = known.flatMap(({ global: name }): string[] => (name && isSet(global[name]) ? [global[name]] : []));
  return inherited.length > 0 ? inherited : [undefined];
}

function ofUrl(text: string, namespace: string): Destination {
  return URL.canParse(text) ? destinationOf(text, namespace) : HTTPS;
}

/** @param defaultPort for an address without one */
function ofAddress(address: unknown, defaultPort: number, namespace: string): Destination {
  // A gRPC target may have a scheme, as in dns:///host:port.
  const { host = '', port } = /^(?:.*\/)?(?<host>.*?)(?::(?<port>\d+))?$/.exec(String(address ?? ''))?.groups ?? {};
  return destinationAt(host, Number(port) || defaultPort, namespace);
}

/** Where Alertmanager tells of itself. */
function ofItself({ tracing, event_recorder }: Fields, namespace: string): Destination[] {
  const { client_type, insecure, endpoint }: Fields = tracing ?? {};
  const { webhook_outputs = [], kafka_outputs = [] }: Fields = event_recorder ?? {};
  const plain = client_type === 'http' && insecure;
  return [
    ...(isSet(endpoint) ? [ofAddress(endpoint, plain ? 80 : HTTPS.port, namespace)] : []),
    ...(webhook_outputs ?? []).flatMap((output: Fields) => ofHttp('webhook_configs', output, {}, namespace)),
    ...(kafka_outputs ?? []).flatMap(({ brokers }: Fields) =>
      (brokers ?? []).map((broker: string) => ofAddress(broker, KAFKA_PORT, namespace)),
    ),
  ];
}
