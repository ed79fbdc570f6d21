/**
 * Authentication and connection of Alertmanager's HTTP client.
 *
 * Secrets are read from files, never written here.
 * Upstream: `config/http_config.go` of prometheus/common,
 * https://prometheus.io/docs/alerting/latest/configuration/#http_config
 */
export interface HttpConfig extends ProxyConfig {
  /** User name and password. At most one of `basic_auth`, `authorization` and `oauth2`. @default none */
  readonly basic_auth?: {
    /** @default none; at most one of `username` and `username_file` */
    readonly username?: string;
    readonly username_file?: string;
    /** File that holds the password. @default none */
    readonly password_file?: string;
  };
  /** The `Authorization` header. @default none */
  readonly authorization?: {
    /** Authentication scheme. `Basic` is not supported: use `basic_auth`. @default 'Bearer' */
    readonly type?: string;
    /** File that holds the credentials. @default none */
    readonly credentials_file?: string;
  };
  /** OAuth 2.0 client credentials grant. @default none */
  readonly oauth2?: OAuth2Config;
  /** @default the system's certificate authorities, TLS 1.2 or later */
  readonly tls_config?: TlsConfig;
  /** Follows HTTP 3xx redirects. @default true */
  readonly follow_redirects?: boolean;
  /** @default true */
  readonly enable_http2?: boolean;
  /** Additional request headers, by name. @default none */
  readonly http_headers?: Readonly<Record<string, HttpHeader>>;
}

/** The values of one request header. */
export interface HttpHeader {
  readonly values?: readonly string[];
  /** Files that hold one value each. */
  readonly files?: readonly string[];
}

export interface ProxyConfig {
  /** Proxy for the requests. Not together with `proxy_from_environment`. @default none */
  readonly proxy_url?: string;
  /** Comma-separated hosts, domains and CIDR ranges to reach without the proxy; requires `proxy_url`. @default none */
  readonly no_proxy?: string;
  /** Reads the proxy from `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. @default false */
  readonly proxy_from_environment?: boolean;
}

export interface OAuth2Config extends ProxyConfig {
  readonly client_id: string;
  /** File that holds the client's secret. */
  readonly client_secret_file?: string;
  readonly token_url: string;
  /** @default none */
  readonly scopes?: readonly string[];
  /** Additional parameters of the token request. @default none */
  readonly endpoint_params?: Readonly<Record<string, string>>;
  readonly tls_config?: TlsConfig;
}

export type TlsVersion = 'TLS10' | 'TLS11' | 'TLS12' | 'TLS13';

export interface TlsConfig {
  /** Certificate authority as PEM text. At most one of `ca` and `ca_file`. @default the system's */
  readonly ca?: string;
  readonly ca_file?: string;
  /** Client certificate as PEM text; requires `key_file`. At most one of `cert` and `cert_file`. @default none */
  readonly cert?: string;
  readonly cert_file?: string;
  /** File that holds the client certificate's key. @default none */
  readonly key_file?: string;
  /** Host name expected in the server's certificate. @default the URL's host */
  readonly server_name?: string;
  /** @default false */
  readonly insecure_skip_verify?: boolean;
  /** @default 'TLS12' */
  readonly min_version?: TlsVersion;
  /** @default 'TLS13' */
  readonly max_version?: TlsVersion;
}
