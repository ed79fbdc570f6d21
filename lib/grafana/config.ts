import { PASSWORD_KEY, USERNAME_KEY } from '../kubernetes/basic-auth';
import type { ClientAuthFiles } from '../kubernetes/client-auth';
import { RESPONSE_TIMEOUT } from '../loki/timeouts';
import { OWN_TENANT } from '../rules/tenant';
import { durationMs } from '../text/duration';

/** Logs. The uid is used in links and in Loki's `ruler.datasource_uid`, the name in the panel of alerts. */
export const LOKI_DATASOURCE = { name: 'Loki', type: 'loki', uid: 'loki' } as const;

/** Alertmanager, for showing and creating silences in Grafana. */
export const ALERTMANAGER_DATASOURCE = { name: 'Alertmanager', type: 'alertmanager', uid: 'alertmanager' } as const;

/** Metrics of the pipeline, if `prometheusUrl` is set. */
export const PROMETHEUS_DATASOURCE = { name: 'Prometheus', type: 'prometheus', uid: 'prometheus' } as const;

/** Uid of the pipeline dashboard. */
export const PIPELINE_DASHBOARD_UID = 'log-pipeline';

/** Uid of the log alerting dashboard: its URL is `<root URL>/d/log-alerting`. */
export const DASHBOARD_UID = 'log-alerting';

/** Mount path of the Secret with the `user` and `password` of Grafana's initial administrator. */
export const ADMIN_PATH = '/etc/grafana/admin';

/** Mount path of the Secret with Alertmanager's username and password. */
export const ALERTMANAGER_AUTH_PATH = '/etc/grafana/alertmanager';

/**
 * Datasource plugins in Grafana's image that are not used, except Prometheus if `prometheusUrl` is set. Measured on
 * Grafana 13.2: each starts a process of 22 to 38 MB, even if it is not used; without them Grafana needs 170 instead of
 * 270 MiB.
 */
const UNUSED_DATASOURCES = [
  'elasticsearch',
  'grafana-postgresql-datasource',
  'grafana-pyroscope-datasource',
  'influxdb',
  'jaeger',
  'mssql',
  'mysql',
  'opentsdb',
  'prometheus',
  'stackdriver',
  'tempo',
  'zipkin',
];

/** Access to Grafana. */
export interface GrafanaLogin {
  /**
   * Disable login and make every visitor an Editor, the lowest role that can use Explore: for a demo behind
   * `kubectl port-forward`. Otherwise users log in, and the Secret at {@link ADMIN_PATH} has the initial administrator.
   * @default false
   */
  readonly anonymous?: boolean;
}

export interface GrafanaLoginOptions {
  /** Base URL of Grafana for users. @default 'http://localhost:3000', via `kubectl port-forward` */
  readonly rootUrl?: string;
  /** Access to Grafana. @default users who log in */
  readonly access?: GrafanaLogin;
  /** Keep the Prometheus datasource plugin enabled. @default false */
  readonly prometheus?: boolean;
}

/** Returns the content of a file in `provisioning/datasources`. */
export function datasources(urls: {
  /** Base URL of Loki, seen from Grafana. */
  readonly lokiUrl: string;
  /** Base URL of Alertmanager, seen from Grafana. @default none, no datasource for silences */
  readonly alertmanagerUrl?: string;
  /** Use basic authentication, with the files in {@link ALERTMANAGER_AUTH_PATH}. @default false */
  readonly alertmanagerAuth?: boolean;
  /** Tenants of Loki, besides the stack's own. @default none, Loki has no tenants */
  readonly tenants?: readonly string[];
  /** The stack's own tenant. @default 'fake' with `tenants`, otherwise none: queries have no tenant header */
  readonly tenant?: string;
  /** Files with credentials for Loki. @default none */
  readonly lokiAuth?: ClientAuthFiles;
  /** Base URL of the Prometheus that scrapes the stack, seen from Grafana. @default none */
  readonly prometheusUrl?: string;
}) {
  return {
    apiVersion: 1,
    datasources: [
      ...lokiDatasources(urls).map((datasource) => withAuth(datasource, urls.lokiAuth)),
      ...(urls.alertmanagerUrl
        ? [
            {
              ...ALERTMANAGER_DATASOURCE,
              access: 'proxy',
              url: urls.alertmanagerUrl,
              editable: false,
              ...(urls.alertmanagerAuth ? ALERTMANAGER_AUTH : {}),
              // Only Loki's ruler sends alerts.
              jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
            },
          ]
        : []),
      ...(urls.prometheusUrl
        ? [
            {
              ...PROMETHEUS_DATASOURCE,
              access: 'proxy',
              url: urls.prometheusUrl,
              editable: false,
              // Grafana's alerting pages only show log alerts.
              jsonData: { httpMethod: 'POST', manageAlerts: false },
            },
          ]
        : []),
    ],
  };
}

/** @see https://grafana.com/docs/grafana/v13.2/administration/provisioning/ for `$__file` */
const ALERTMANAGER_AUTH = {
  basicAuth: true,
  basicAuthUser: `$__file{${ALERTMANAGER_AUTH_PATH}/${USERNAME_KEY}}`,
  secureJsonData: { basicAuthPassword: `$__file{${ALERTMANAGER_AUTH_PATH}/${PASSWORD_KEY}}` },
};

/** Shows the ruler's rules on Grafana's alerting pages and in the dashboard's panel of alerts. */
const SHOW_ALERTS = { manageAlerts: true };
const SHOW_SILENCES = { alertmanagerUid: ALERTMANAGER_DATASOURCE.uid };

/**
 * Timeout of a query in seconds: as long as Loki may take. Grafana's default is 30.
 * @see https://grafana.com/docs/grafana/v13.2/administration/provisioning/#json-data
 */
const QUERY_TIMEOUT = { timeout: Number(durationMs(RESPONSE_TIMEOUT)) / 1000 };

/**
 * Returns the datasources of Loki. With tenants, the default one queries the logs of all of them, so that the links of
 * every alert work. In addition there is one per tenant, with its logs and rules: Loki only lists the rules of one
 * tenant.
 */
function lokiDatasources({ lokiUrl: url, alertmanagerUrl, tenants, tenant: own }: LokiDatasourceProps) {
  const alerts = { ...SHOW_ALERTS, ...(alertmanagerUrl ? SHOW_SILENCES : {}) };
  const all = { ...LOKI_DATASOURCE, access: 'proxy', url, isDefault: true, editable: false };
  if (tenants === undefined) {
    const settings = own === undefined ? { jsonData: { ...alerts, ...QUERY_TIMEOUT } } : asTenants([own], alerts);
    return [{ ...all, ...settings }];
  }
  const each = [own ?? OWN_TENANT, ...tenants];
  return [
    { ...all, ...asTenants(each, { manageAlerts: false }) },
    ...each.map((tenant) => ({
      ...all,
      name: `${LOKI_DATASOURCE.name} ${tenant}`,
      uid: `${LOKI_DATASOURCE.uid}-${tenant}`,
      isDefault: false,
      ...asTenants([tenant], alerts),
    })),
  ];
}

type LokiDatasourceProps = Pick<
  Parameters<typeof datasources>[0],
  'lokiUrl' | 'alertmanagerUrl' | 'tenants' | 'tenant'
>;

interface Datasource {
  readonly jsonData: object;
  readonly secureJsonData?: object;
}

/** Adds credentials to a datasource. The first header is that of the tenant. */
function withAuth<T extends Datasource>(datasource: T, { username, password, token, ca }: ClientAuthFiles = {}): T {
  const { jsonData, secureJsonData } = datasource;
  const secure = {
    ...secureJsonData,
    ...(password ? { basicAuthPassword: fileValue(password) } : {}),
    ...(token ? { httpHeaderValue2: `Bearer ${fileValue(token)}` } : {}),
    ...(ca ? { tlsCACert: fileValue(ca) } : {}),
  };
  return {
    ...datasource,
    ...(username ? { basicAuth: true, basicAuthUser: fileValue(username) } : {}),
    jsonData: {
      ...jsonData,
      ...(token ? { httpHeaderName2: 'Authorization' } : {}),
      ...(ca ? { tlsAuthWithCACert: true } : {}),
    },
    ...(Object.keys(secure).length > 0 ? { secureJsonData: secure } : {}),
  };
}

/** @see https://grafana.com/docs/grafana/v13.2/administration/provisioning/ */
function fileValue(path: string): string {
  return `$__file{${path}}`;
}

/** Tenant names are not secret, but Grafana only reads header values from secure settings. */
function asTenants(tenants: readonly string[], jsonData: object) {
  return {
    jsonData: { ...jsonData, ...QUERY_TIMEOUT, httpHeaderName1: 'X-Scope-OrgID' },
    secureJsonData: { httpHeaderValue1: tenants.join('|') },
  };
}

/** Returns the content of a file in `provisioning/dashboards`: read-only dashboards from the folder `path`. */
export function dashboardProvider(path: string) {
  return {
    apiVersion: 1,
    providers: [
      { name: 'log-alerting', type: 'file', disableDeletion: true, allowUiUpdates: false, options: { path } },
    ],
  };
}

/**
 * Returns grafana.ini for Grafana 13. Grafana has no egress from the cluster, so every feature that calls grafana.com
 * or another host is disabled.
 * @see https://grafana.com/docs/grafana/v13.2/setup-grafana/configure-grafana/
 */
export function grafanaIni(options: GrafanaLoginOptions = {}): string {
  const { rootUrl = 'http://localhost:3000' } = options;
  return renderIni({
    server: { root_url: rootUrl },
    users: { home_page: `/d/${DASHBOARD_UID}` },
    // Usage reports and update checks.
    analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
    news: { news_feed_enabled: false },
    snapshots: { external_enabled: false },
    cloud_migration: { enabled: false },
    plugins: {
      // Since Grafana 13, Loki's datasource is a plugin in the image, which Grafana updates at each start: it stops the
      // plugin first, fails to write to the read-only file system, and leaves no Loki datasource.
      // https://github.com/grafana/grafana/issues/132528
      preinstall_disabled: true,
      disable_plugins: UNUSED_DATASOURCES.filter(
        (name) => !(options.prometheus && name === PROMETHEUS_DATASOURCE.type),
      ).join(','),
      // The plugin catalog, and the signing keys of plugins that are not in the image.
      plugin_admin_enabled: false,
      public_key_retrieval_disabled: true,
    },
    // Loki's ruler evaluates all rules, Grafana none. Grafana's alerting stays enabled for its pages and the panel,
    // which show the ruler's alerts and Alertmanager's silences.
    unified_alerting: { enabled: true, execute_alerts: false },
    ...accessSettings(options.access?.anonymous ?? false, rootUrl.startsWith('https:')),
  });
}

type IniSections = Readonly<Record<string, Readonly<Record<string, string | boolean>>>>;

function accessSettings(anonymous: boolean, https: boolean): IniSections {
  // User pictures come from gravatar.com.
  const security = { disable_gravatar: true, cookie_secure: https };
  if (!anonymous) {
    return {
      security: {
        ...security,
        admin_user: `$__file{${ADMIN_PATH}/user}`,
        admin_password: `$__file{${ADMIN_PATH}/password}`,
      },
    };
  }
  return {
    // Otherwise Grafana creates the user `admin` with the password `admin`.
    security: { ...security, disable_initial_admin_creation: true },
    auth: { disable_login_form: true },
    'auth.basic': { enabled: false },
    'auth.anonymous': { enabled: true, org_role: 'Editor' },
  };
}

function renderIni(sections: IniSections): string {
  return Object.entries(sections)
    .flatMap(([name, keys]) => [`[${name}]`, ...Object.entries(keys).map(([key, value]) => `${key} = ${value}`), ''])
    .join('\n');
}
