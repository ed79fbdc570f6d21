import { type Destination, destinationAt, destinationOf } from '../kubernetes/destination';
import type { AlertmanagerConfig } from './config/config';
import { type Fields, isSet } from './config/schema';
import { integrationsOf, type ReceiverKind } from './receivers';
import type { UrlField } from './receivers/kind';

/** Every public service that Alertmanager knows, and any URL that only a Secret knows. */
const HTTPS: Destination = { port: 443 };

/** Where Kafka listens unless a broker says otherwise. */
const KAFKA_PORT = 9092;

/** Values of the wrong type lead nowhere: what is wrong with them is reported elsewhere. */
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * Every place that Alertmanager must reach to notify the receivers of a configuration, and for its own traces and
 * events, each once. HTTPS at its usual port is assumed for a place in a file or in a template.
 * @param namespace Alertmanager's own, for hosts without dots
 */
export function destinations(config: AlertmanagerConfig, namespace: string): Destination[] {
  const global = fieldsOf(config.global);
  const ofReceivers = (config.receivers ?? [])
    .flatMap(integrationsOf)
    .flatMap(({ kind, config: own }) => ofIntegration(kind, fieldsOf(own), global, namespace));
  const places = [...ofReceivers, ...ofItself(config, namespace)];
  return [...new Map(places.map((one) => [JSON.stringify(one), one])).values()];
}

function ofIntegration(kind: ReceiverKind, own: Fields, global: Fields, namespace: string): Destination[] {
  const fields = kind.urls ?? [];
  const port = fields.find((field) => field.port !== undefined)?.port;
  const places = urlsOf(fields, own, global);
  if (port !== undefined) return places.map((place) => ofAddress(place, port, namespace));
  const client = fieldsOf(own.http_config ?? global.http_config);
  const inherited = kind.inheritsProxy ? fieldsOf(global.http_config).proxy_url : undefined;
  const proxy_url = client.proxy_url ?? inherited;
  return ofHttp(places, { ...client, proxy_url }, namespace);
}

/** @param urls undefined for one that is not in the configuration */
function ofHttp(urls: readonly (string | undefined)[], client: Fields, namespace: string): Destination[] {
  const { proxy_url } = client;
  const places = isText(proxy_url)
    ? [ofUrl(proxy_url, namespace)]
    : [...new Set(urls)].map((url) => (url ? ofUrl(url, namespace) : HTTPS));
  if (!isSet(client.oauth2)) return places;
  const { proxy_url: tokenProxy, token_url } = fieldsOf(client.oauth2);
  return [...places, ofUrl(isText(tokenProxy) ? tokenProxy : token_url, namespace)];
}

/** Undefined stands for one that is not in the configuration. */
function urlsOf(known: readonly UrlField[], fields: Fields, global: Fields): (string | undefined)[] {
  const own = known.flatMap((each): string[] => (isText(fields[each.own]) ? [fields[each.own]] : []));
  if (own.length > 0) return own;
  // A file of the receiver's own goes before the URL of `global`, and a file of `global` keeps its secret too.
  if (known.some((each) => isSet(fields[`${each.own}_file`]))) return [undefined];
  const inherited = known.flatMap(({ global: name }): string[] => (name && isText(global[name]) ? [global[name]] : []));
  return inherited.length > 0 ? inherited : [undefined];
}

function ofUrl(text: unknown, namespace: string): Destination {
  return isText(text) && URL.canParse(text) ? destinationOf(text, namespace) : HTTPS;
}

/** @param defaultPort for an address without one */
function ofAddress(address: unknown, defaultPort: number, namespace: string): Destination {
  // A gRPC target may have a scheme, as in dns:///host:port.
  const { host = '', port } =
    /^(?:.*\/)?(?<host>.*?)(?::(?<port>\d+))?$/.exec(isText(address) ? address : '')?.groups ?? {};
  return destinationAt(host, Number(port) || defaultPort, namespace);
}

/** Destinations of Alertmanager's own traces and events. */
function ofItself({ tracing, event_recorder }: Fields, namespace: string): Destination[] {
  const { client_type, insecure, endpoint } = fieldsOf(tracing);
  const { webhook_outputs, kafka_outputs } = fieldsOf(event_recorder);
  const plain = client_type === 'http' && insecure;
  return [
    ...(isText(endpoint) ? [ofAddress(endpoint, plain ? 80 : HTTPS.port, namespace)] : []),
    ...listOf(webhook_outputs)
      .map(fieldsOf)
      .flatMap(({ url, http_config }) => ofHttp([url], fieldsOf(http_config), namespace)),
    ...listOf(kafka_outputs).flatMap((output) =>
      listOf(fieldsOf(output).brokers).map((broker) => ofAddress(broker, KAFKA_PORT, namespace)),
    ),
  ];
}
