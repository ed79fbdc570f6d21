import { PASSWORD_KEY, USERNAME_KEY } from '../kubernetes/basic-auth';
import { RESPONSE_TIMEOUT } from '../loki/timeouts';
import { OWN_TENANT } from '../rules/tenant';
import { durationMs } from '../text/duration';

/** The logs. Its uid stands in links and in Loki's `ruler.datasource_uid`, its name in the list of alerts. */
export const LOKI_DATASOURCE = { name: 'Loki', type: 'loki', uid: 'loki' } as const;

/** The Alertmanager: Grafana shows and sets its silences. */
export const ALERTMANAGER_DATASOURCE = { name: 'Alertmanager', type: 'alertmanager', uid: 'alertmanager' } as const;

/** Metrics of the pipeline, where a Prometheus is named. */
export const PROMETHEUS_DATASOURCE = { name: 'Prometheus', type: 'prometheus', uid: 'prometheus' } as const;

/** Uid of the dashboard of the pipeline. */
export const PIPELINE_DASHBOARD_UID = 'log-pipeline';

/** Uid of the dashboard, so its address is `<root URL>/d/log-alerting`. */
export const DASHBOARD_UID = 'log-alerting';

/** Folder where a Secret is mounted whose keys `user` and `password` are Grafana's first administrator. */
export const ADMIN_PATH = '/etc/grafana/admin';

/** Folder where the name and password that Alertmanager asks for are mounted. */
export const ALERTMANAGER_AUTH_PATH = '/etc/grafana/alertmanager';

/**
 * Datasources in Grafana's image, but for Loki; that of Prometheus is used where one is named. Measured on Grafana 13.2: each
 * is a process of 22 to 38 MB from the start on, used or not; without them Grafana takes 170 instead of 270 MiB.
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

/** Who may use Grafana. */
export interface GrafanaLogin {
  /**
   * Everybody who reaches Grafana is an Editor, the least role that may use Explore, and nobody can log in: for a demo
   * behind `kubectl port-forward`. Otherwise people log in, and the administrator comes from the Secret at
   * {@link ADMIN_PATH}. @default false
   */
  readonly anonymous?: boolean;
}

export interface GrafanaOptions {
  /** Address at which people open Grafana. @default 'http://localhost:3000', by `kubectl port-forward` */
  readonly rootUrl?: string;
  /** Who may use it. @default people who log in */
  readonly access?: GrafanaLogin;
  /** Whether there is a datasource of Prometheus. @default false */
  readonly prometheus?: boolean;
}

/** Content of a file in `provisioning/datasources`. */
export function datasources(urls: {
  /** Base URL of Loki, seen from Grafana. */
  readonly lokiUrl: string;
  /** Base URL of Alertmanager, seen from Grafana. */
  readonly alertmanagerUrl: string;
  /** Whether it asks for name and password, which are files at {@link ALERTMANAGER_AUTH_PATH}. @default false */
  readonly alertmanagerAuth?: boolean;
  /** Tenants of Loki but the stack's own. @default Loki has no tenants */
  readonly tenants?: readonly string[];
  /** Base URL of the Prometheus that scrapes the stack, seen from Grafana. @default none */
  readonly prometheusUrl?: string;
}) {
  return {
    apiVersion: 1,
    datasources: [
      ...lokiDatasources(urls.lokiUrl, urls.tenants),
      {
        ...ALERTMANAGER_DATASOURCE,
        access: 'proxy',
        url: urls.alertmanagerUrl,
        editable: false,
        ...(urls.alertmanagerAuth ? ALERTMANAGER_AUTH : {}),
        // Alerts reach it from Loki's ruler alone.
        jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
      },
      ...(urls.prometheusUrl
        ? [
            {
              ...PROMETHEUS_DATASOURCE,
              access: 'proxy',
              url: urls.prometheusUrl,
              editable: false,
              // Its own rules are not the log alerts that Grafana's pages show.
              jsonData: { httpMethod: 'POST', manageAlerts: false },
            },
          ]
        : []),
    ],
  };
}

/** @see https://grafana.com/docs/grafana/v13.2/administration/provisioning/ for files in values */
const ALERTMANAGER_AUTH = {
  basicAuth: true,
  basicAuthUser: `$__file{${ALERTMANAGER_AUTH_PATH}/${USERNAME_KEY}}`,
  secureJsonData: { basicAuthPassword: `$__file{${ALERTMANAGER_AUTH_PATH}/${PASSWORD_KEY}}` },
};

/** Grafana's pages on alerts and the dashboard's list of them show the ruler's rules. */
const SHOWS_ALERTS = { manageAlerts: true, alertmanagerUid: ALERTMANAGER_DATASOURCE.uid };

/**
 * Seconds until Grafana gives an answer up, 30 by itself: as long as Loki itself lets a client wait.
 * @see https://grafana.com/docs/grafana/v13.2/administration/provisioning/#json-data
 */
const PATIENCE = { timeout: Number(durationMs(RESPONSE_TIMEOUT)) / 1000 };

/**
 * With tenants, the default datasource sees the lines of all of them, so that every link of an alert leads to its lines. One
 * for each tenant beside it has that tenant's lines and rules: of rules, Loki tells those of one tenant at a time.
 */
function lokiDatasources(url: string, tenants?: readonly string[]) {
  const all = { ...LOKI_DATASOURCE, access: 'proxy', url, isDefault: true, editable: false };
  if (tenants === undefined) return [{ ...all, jsonData: { ...SHOWS_ALERTS, ...PATIENCE } }];
  const each = [OWN_TENANT, ...tenants];
  return [
    { ...all, ...asTenants(each, { manageAlerts: false }) },
    ...each.map((tenant) => ({
      ...all,
      name: `${LOKI_DATASOURCE.name} ${tenant}`,
      uid: `${LOKI_DATASOURCE.uid}-${tenant}`,
      isDefault: false,
      ...asTenants([tenant], SHOWS_ALERTS),
    })),
  ];
}

/** The tenants' names are no secret, but Grafana takes the values of headers nowhere else. */
function asTenants(tenants: readonly string[], jsonData: object) {
  return {
    jsonData: { ...jsonData, ...PATIENCE, httpHeaderName1: 'X-Scope-OrgID' },
    secureJsonData: { httpHeaderValue1: tenants.join('|') },
  };
}

/** Content of a file in `provisioning/dashboards`: the dashboards in the folder `path`, which nobody edits in Grafana. */
export function dashboardProvider(path: string) {
  return {
    apiVersion: 1,
    providers: [
      { name: 'log-alerting', type: 'file', disableDeletion: true, allowUiUpdates: false, options: { path } },
    ],
  };
}

/**
 * Content of grafana.ini for Grafana 13. Grafana gets no way out of the cluster, so everything is off that calls
 * grafana.com or another host on its own.
 * @see https://grafana.com/docs/grafana/v13.2/setup-grafana/configure-grafana/
 */
export function grafanaIni(options: GrafanaOptions = {}): string {
  const { rootUrl = 'http://localhost:3000' } = options;
  return renderIni({
    server: { root_url: rootUrl },
    users: { home_page: `/d/${DASHBOARD_UID}` },
    // Usage reports, and questions whether there are newer versions.
    analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
    news: { news_feed_enabled: false },
    snapshots: { external_enabled: false },
    cloud_migration: { enabled: false },
    plugins: {
      // Since Grafana 13, Loki's datasource is a plugin that stands in the image and that Grafana replaces by a newer
      // one at each start: it ends the plugin first, then can't write to a read-only image, and Loki is gone.
      // https://github.com/grafana/grafana/issues/132528
      preinstall_disabled: true,
      disable_plugins: UNUSED_DATASOURCES.filter(
        (name) => !(options.prometheus && name === PROMETHEUS_DATASOURCE.type),
      ).join(','),
      // The plugin catalog, and the keys of plugins that are not in the image.
      plugin_admin_enabled: false,
      public_key_retrieval_disabled: true,
    },
    // Grafana evaluates no rule, Loki's ruler is the one engine. Its alerting stays on, because without it there are
    // neither the pages nor the panel that show the ruler's alerts and Alertmanager's silences.
    unified_alerting: { enabled: true, execute_alerts: false },
    ...accessSettings(options.access?.anonymous ?? false, rootUrl.startsWith('https:')),
  });
}

type IniSections = Readonly<Record<string, Readonly<Record<string, string | boolean>>>>;

function accessSettings(anonymous: boolean, https: boolean): IniSections {
  // Pictures of users come from gravatar.com.
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
    // Without it there is an administrator `admin` with the password `admin`.
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
