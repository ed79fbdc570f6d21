import { type Destination, destinationAt, destinationOf } from '../kubernetes/destination';
import type { AlertmanagerConfig } from './config/config';
import { type Fields, isSet } from './config/schema';
import { integrationsOf, type ReceiverKind } from './receivers';
import type { UrlField } from './receivers/kind';

/** Every public service that Alertmanager knows, and any URL that only a Secret knows. */
const HTTPS: Destination = { port: 443 };

/** Where Kafka listens unless a broker says otherwise. */
const KAFKA_PORT = 9092;

/**
 * Every place that Alertmanager must reach to notify the receivers of a configuration, and for its own traces and
 * events, each once. HTTPS at its usual port is assumed for a place in a file or in a template.
 * @param namespace Alertmanager's own, for hosts without dots
 */
export function destinations(config: AlertmanagerConfig, namespace: string): Destination[] {
  const global: Fields = config.global ?? {};
  const ofReceivers = (config.receivers ?? [])
    .flatMap(integrationsOf)
    .flatMap(({ kind, config: own }) => ofIntegration(kind, own, global, namespace));
  const places = [...ofReceivers, ...ofItself(config, namespace)];
  return [...new Map(places.map((one) => [JSON.stringify(one), one])).values()];
}

function ofIntegration(kind: ReceiverKind, own: Fields, global: Fields, namespace: string): Destination[] {
  const fields = kind.urls ?? [];
  const port = fields.find((field) => field.port !== undefined)?.port;
  const places = urlsOf(fields, own, global);
  if (port !== undefined) return places.map((place) => ofAddress(place, port, namespace));
  const client: Fields = own.http_config ?? global.http_config ?? {};
  const proxy_url = kind.inheritsProxy ? (client.proxy_url ?? global.http_config?.proxy_url) : client.proxy_url;
  return ofHttp(places, { ...client, proxy_url }, namespace);
}

/** @param urls undefined for one that is not in the configuration */
function ofHttp(urls: readonly (string | undefined)[], client: Fields, namespace: string): Destination[] {
  const { oauth2, proxy_url } = client;
  const places = isSet(proxy_url)
    ? [ofUrl(proxy_url, namespace)]
    : [...new Set(urls)].map((url) => (url ? ofUrl(url, namespace) : HTTPS));
  if (!isSet(oauth2)) return places;
  return [...places, ofUrl(isSet(oauth2.proxy_url) ? oauth2.proxy_url : oauth2.token_url, namespace)];
}

/** Undefined stands for one that is not in the configuration. */
function urlsOf(known: readonly UrlField[], fields: Fields, global: Fields): (string | undefined)[] {
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

/** Destinations of Alertmanager's own traces and events. */
function ofItself({ tracing, event_recorder }: Fields, namespace: string): Destination[] {
  const { client_type, insecure, endpoint }: Fields = tracing ?? {};
  const { webhook_outputs = [], kafka_outputs = [] }: Fields = event_recorder ?? {};
  const plain = client_type === 'http' && insecure;
  return [
    ...(isSet(endpoint) ? [ofAddress(endpoint, plain ? 80 : HTTPS.port, namespace)] : []),
    ...(webhook_outputs ?? []).flatMap((output: Fields) => ofHttp([output.url], output.http_config ?? {}, namespace)),
    ...(kafka_outputs ?? []).flatMap(({ brokers }: Fields) =>
      (brokers ?? []).map((broker: string) => ofAddress(broker, KAFKA_PORT, namespace)),
    ),
  ];
}
