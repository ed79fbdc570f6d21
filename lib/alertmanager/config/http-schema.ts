import type { HttpConfig, HttpHeader, OAuth2Config, ProxyConfig, TlsConfig } from './http-config';
import {
  any,
  atLeastOne,
  atMostOne,
  boolean,
  type FieldRule,
  type Fields,
  isSet,
  list,
  map,
  object,
  rule,
  type SchemasOf,
  secret,
  string,
} from './schema';
import { oneOfWords, proxyUrl } from './values';

const tlsVersion = oneOfWords('TLS10', 'TLS11', 'TLS12', 'TLS13');

/** Reference to a secret manager. Alertmanager has none, but its HTTP library accepts the fields. */
const reference = string;

/** Upstream: `TLSConfig` in `config/http_config.go` of prometheus/common. */
export const tlsConfig = object<TlsConfig>(
  {
    ca: string,
    ca_file: string,
    cert: string,
    cert_file: string,
    key_file: string,
    server_name: string,
    insecure_skip_verify: boolean,
    min_version: tlsVersion,
    max_version: tlsVersion,
  },
  { key: secret, ca_ref: reference, cert_ref: reference, key_ref: reference },
  [
    atMostOne('ca', 'ca_file', 'ca_ref'),
    atMostOne('cert', 'cert_file', 'cert_ref'),
    atMostOne('key', 'key_file', 'key_ref'),
    rule(
      ({ cert, cert_file, cert_ref, key, key_file, key_ref }) =>
        [cert, cert_file, cert_ref].some(isSet) !== [key, key_file, key_ref].some(isSet),
      {
        problem: 'only one of cert_file and key_file is set',
        fix: 'set both, or neither',
      },
    ),
  ],
);

const proxyFields: SchemasOf<ProxyConfig> = {
  proxy_url: proxyUrl,
  no_proxy: string,
  proxy_from_environment: boolean,
};
const proxyUntyped = { proxy_connect_header: map(list(secret)) };
const proxyRules: readonly FieldRule[] = [
  atMostOne('proxy_from_environment', 'proxy_url'),
  atMostOne('proxy_from_environment', 'no_proxy'),
  rule(
    ({ no_proxy, proxy_url, proxy_from_environment }) =>
      isSet(no_proxy) && typeof proxy_url !== 'string' && !proxy_from_environment,
    { problem: 'has no effect without proxy_url', fix: 'set it too' },
    'no_proxy',
  ),
  rule(
    ({ proxy_connect_header, proxy_url, proxy_from_environment }) =>
      isSet(proxy_connect_header) &&
      Object.keys(proxy_connect_header).length > 0 &&
      !proxy_from_environment &&
      !isSet(proxy_url),
    { problem: 'has no effect without a proxy', fix: 'set proxy_url or proxy_from_environment' },
    'proxy_connect_header',
  ),
];

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const clientSecrets = atMostOne('client_secret', 'client_secret_file', 'client_secret_ref');
const clientKeys = atMostOne('client_certificate_key', 'client_certificate_key_file', 'client_certificate_key_ref');

const oauth2 = object<OAuth2Config>(
  {
    client_id: string,
    client_secret_file: string,
    token_url: string,
    scopes: list(string),
    endpoint_params: map(string),
    tls_config: tlsConfig,
    ...proxyFields,
  },
  {
    client_secret: secret,
    client_secret_ref: reference,
    client_certificate_key_id: string,
    client_certificate_key: secret,
    client_certificate_key_file: string,
    client_certificate_key_ref: reference,
    grant_type: string,
    signature_algorithm: string,
    iss: string,
    audience: string,
    claims: map(any),
    ...proxyUntyped,
  },
  [
    atLeastOne('client_id'),
    atLeastOne('token_url'),
    (fields) => (fields.grant_type === JWT_BEARER ? clientKeys(fields) : clientSecrets(fields)),
    rule(
      ({ grant_type, signature_algorithm }) =>
        grant_type === JWT_BEARER &&
        isSet(signature_algorithm) &&
        !['RS256', 'RS384', 'RS512'].includes(signature_algorithm),
      { problem: 'unsupported algorithm', fix: 'use RS256, RS384 or RS512' },
      'signature_algorithm',
    ),
    ...proxyRules,
  ],
);

/** Headers that the HTTP client sets. Upstream: `ReservedHeaders` in `config/headers.go` of prometheus/common. */
const RESERVED_HEADERS = new Set([
  'authorization',
  'host',
  'content-encoding',
  'content-length',
  'content-type',
  'user-agent',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'www-authenticate',
  'accept-encoding',
  'x-prometheus-remote-write-version',
  'x-prometheus-remote-read-version',
  'x-prometheus-scrape-timeout-seconds',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
]);

export const httpHeader = object<HttpHeader>({ values: list(string), files: list(string) }, { secrets: list(secret) });

/** Upstream: `HTTPClientConfig` in `config/http_config.go` of prometheus/common. */
export const httpConfig = object<HttpConfig>(
  {
    basic_auth: object<NonNullable<HttpConfig['basic_auth']>>(
      { username: string, username_file: string, password_file: string },
      { password: secret, username_ref: reference, password_ref: reference },
      [atMostOne('username', 'username_file', 'username_ref'), atMostOne('password', 'password_file', 'password_ref')],
    ),
    authorization: object<NonNullable<HttpConfig['authorization']>>(
      { type: string, credentials_file: string },
      { credentials: secret, credentials_ref: reference },
      [
        atMostOne('credentials', 'credentials_file', 'credentials_ref'),
        rule(
          ({ type }) => typeof type === 'string' && type.trim().toLowerCase() === 'basic',
          { problem: 'unsupported type "Basic"', fix: 'use basic_auth instead of authorization' },
          'type',
        ),
      ],
    ),
    oauth2,
    tls_config: tlsConfig,
    follow_redirects: boolean,
    enable_http2: boolean,
    http_headers: map(httpHeader, (name) =>
      RESERVED_HEADERS.has(name.toLowerCase())
        ? { problem: `header "${name}" is set by the HTTP client`, fix: 'remove it' }
        : undefined,
    ),
    ...proxyFields,
  },
  { bearer_token: secret, bearer_token_file: string, ...proxyUntyped },
  [atMostOne('basic_auth', 'authorization', 'oauth2', 'bearer_token', 'bearer_token_file'), ...proxyRules],
);

/** Returns whether Alertmanager takes a client to send an `Authorization` header of its own. */
export function authorizes(client: Fields | undefined): boolean {
  return isSet(client?.authorization) || isSet(client?.bearer_token) || isSet(client?.bearer_token_file);
}
