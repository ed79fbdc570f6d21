import { type Destination, destinationAt, destinationOf } from '../kubernetes/destination';
import type { AlertmanagerConfig } from './config/config';
import { type Fields, isSet } from './config/schema';
import { integrationsOf, type ReceiverKind } from './receivers';
import type { UrlField } from './receivers/kind';

/** Public services, and URLs that are only in a Secret. */
const HTTPS: Destination = { port: 443 };

/** Default port of Kafka. */
const KAFKA_PORT = 9092;

/** Values of the wrong type are ignored here and reported by the checks. */
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? value : {});
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/**
 * Returns every destination that Alertmanager must reach to notify the receivers of a config, and for its own traces
 * and events. HTTPS on port 443 is assumed for an address in a file or template.
 * @param namespace namespace of Alertmanager, for hosts without dots
 */
export function destinations(config: AlertmanagerConfig, namespace: string): Destination[] {
  const global = fieldsOf(config.global);
  const ofReceivers = (config.receivers ?? [])
    .flatMap(integrationsOf)
    .flatMap(({ kind, config: own }) => integrationDestinations(kind, fieldsOf(own), global, namespace));
  const places = [...ofReceivers, ...ownDestinations(config, namespace)];
  return [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
}

function integrationDestinations(kind: ReceiverKind, own: Fields, global: Fields, namespace: string): Destination[] {
  const fields = (kind.urls ?? []).filter(({ isUsed }) => isUsed?.(own, global) ?? true);
  const port = fields.find((field) => field.port !== undefined)?.port;
  const urls = urlsOf(fields, own, global);
  if (port !== undefined) return urls.map((address) => addressDestination(address, port, namespace));
  const client = fieldsOf(own.http_config ?? global.http_config);
  const inherited = kind.inheritsProxy ? fieldsOf(global.http_config).proxy_url : undefined;
  const proxy_url = client.proxy_url ?? inherited;
  return httpDestinations(urls, { ...client, proxy_url }, namespace);
}

/** @param urls undefined for a URL that is not in the config */
function httpDestinations(urls: readonly (string | undefined)[], client: Fields, namespace: string): Destination[] {
  const { proxy_url } = client;
  const places = isText(proxy_url)
    ? [urlDestination(proxy_url, namespace)]
    : [...new Set(urls)].map((url) => (url ? urlDestination(url, namespace) : HTTPS));
  if (!isSet(client.oauth2)) return places;
  const { proxy_url: tokenProxy, token_url } = fieldsOf(client.oauth2);
  return [...places, urlDestination(isText(tokenProxy) ? tokenProxy : token_url, namespace)];
}

/** Undefined for a URL that is not in the config. */
function urlsOf(known: readonly UrlField[], fields: Fields, global: Fields): (string | undefined)[] {
  const own = known.flatMap((each): string[] => (isText(fields[each.own]) ? [fields[each.own]] : []));
  if (own.length > 0) return own;
  // A file of the integration takes precedence over the URL in `global`. A file in `global` is not read here either.
  if (known.some((each) => isSet(fields[`${each.own}_file`]))) return [undefined];
  const inherited = known.flatMap(({ global: name }): string[] => (name && isText(global[name]) ? [global[name]] : []));
  return inherited.length > 0 ? inherited : [undefined];
}

function urlDestination(text: unknown, namespace: string): Destination {
  return isText(text) && URL.canParse(text) ? destinationOf(text, namespace) : HTTPS;
}

/** @param defaultPort for an address without one */
function addressDestination(address: unknown, defaultPort: number, namespace: string): Destination {
  // A gRPC target may have a scheme, as in dns:///host:port.
  const { host = '', port } =
    /^(?:.*\/)?(?<host>.*?)(?::(?<port>\d+))?$/.exec(isText(address) ? address : '')?.groups ?? {};
  return destinationAt(host, Number(port) || defaultPort, namespace);
}

/** Destinations of Alertmanager's own traces and events. */
function ownDestinations({ tracing, event_recorder }: Fields, namespace: string): Destination[] {
  const { client_type, insecure, endpoint } = fieldsOf(tracing);
  const { webhook_outputs, kafka_outputs } = fieldsOf(event_recorder);
  const plain = client_type === 'http' && insecure;
  return [
    ...(isText(endpoint) ? [addressDestination(endpoint, plain ? 80 : HTTPS.port, namespace)] : []),
    ...listOf(webhook_outputs)
      .map(fieldsOf)
      .flatMap(({ url, http_config }) => httpDestinations([url], fieldsOf(http_config), namespace)),
    ...listOf(kafka_outputs).flatMap((output) =>
      listOf(fieldsOf(output).brokers).map((broker) => addressDestination(broker, KAFKA_PORT, namespace)),
    ),
  ];
}
