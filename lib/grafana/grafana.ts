import type { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { PASSWORD_KEY, USERNAME_KEY } from '../kubernetes/basic-auth';
import { checksumAnnotation } from '../kubernetes/checksum';
import { type ClientAuth, clientAuth } from '../kubernetes/client-auth';
import { Component, type Placement } from '../kubernetes/component';
import { createObject } from '../kubernetes/create-object';
import { httpProbe } from '../kubernetes/pod';
import { ONE_POD, UPSTREAM_USER } from '../kubernetes/waivers';
import { images } from '../versions/images';
import { ADMIN_PATH, ALERTMANAGER_AUTH_PATH, dashboardProvider, datasources, grafanaIni } from './config';

export interface GrafanaProps {
  /** Base URL of Loki, seen from Grafana. */
  readonly lokiUrl: string;
  /** Base URL of Alertmanager, seen from Grafana. @default none, no datasource for silences */
  readonly alertmanagerUrl?: string;
  /** Secret with Alertmanager's `username` and `password`. @default none */
  readonly alertmanagerAuthSecret?: string;
  /** Tenants of Loki, besides the stack's own. @default none, Loki has no tenants */
  readonly tenants?: readonly string[];
  /** The stack's own tenant. @default 'fake' with `tenants`, otherwise none: queries have no tenant header */
  readonly tenant?: string;
  /** Credentials for Loki, and its CA. @default none */
  readonly lokiAuth?: ClientAuth;
  /** Base URL of the Prometheus that scrapes the stack, seen from Grafana. @default none */
  readonly prometheusUrl?: string;
  /** Base URL of Grafana for users. */
  readonly rootUrl: string;
  /** Secret with the administrator's `user` and `password`. @default none, access is anonymous */
  readonly adminSecret?: string;
  /** File name to dashboard, as JSON objects. */
  readonly dashboards: Readonly<Record<string, object>>;
}

/** Separate from /etc/grafana of the image, which has other files that Grafana needs. */
const CONFIG_PATH = '/etc/grafana-config';
const PROVISIONING_PATH = '/etc/grafana/provisioning';
const DASHBOARDS_PATH = '/etc/grafana-dashboards';
const LOKI_AUTH_PATH = '/etc/grafana/loki';
const DATA_PATH = '/var/lib/grafana';

/** Name of Grafana's objects. */
export const GRAFANA = 'grafana';

/** User of the upstream image. */
const USER = 472;

/** Upstream recommends at least 512 MiB in production; a few dashboards with one user need less than 200 MiB. */
export const GRAFANA_RESOURCES = { cpu: '100m', memory: '200Mi', memoryLimit: '512Mi' };

/**
 * Grafana with provisioned datasources and dashboards. Its database has no other data, so it may be deleted with the
 * pod.
 */
export class Grafana extends Component {
  constructor(scope: Construct, props: GrafanaProps, placement?: Placement) {
    super(scope, GRAFANA, 'dashboard', { http: 3000 }, placement);
    const ini = grafanaIni({
      rootUrl: props.rootUrl,
      access: { anonymous: props.adminSecret === undefined },
      prometheus: props.prometheusUrl !== undefined,
    });
    const config = { 'grafana.ini': ini };
    const lokiAuth = clientAuth(props.lokiAuth, LOKI_AUTH_PATH);
    const provisioned = {
      'datasources.yaml': stringify(
        datasources({
          ...props,
          alertmanagerAuth: props.alertmanagerAuthSecret !== undefined,
          lokiAuth: lokiAuth.files,
        }),
      ),
      'dashboards.yaml': stringify(dashboardProvider(DASHBOARDS_PATH)),
    };
    const dashboards = Object.fromEntries(
      Object.entries(props.dashboards).map(([name, json]) => [name, `${JSON.stringify(json, null, 2)}\n`]),
    );
    const configMap = this.configMap('config', { ...config, ...provisioned });
    // The sidecar of another Grafana, such as that of kube-prometheus-stack, finds dashboards by this label.
    const dashboardMap = this.configMap('dashboards', dashboards, { grafana_dashboard: '1' });
    const admin = props.adminSecret && { name: 'admin', secret: { secretName: props.adminSecret } };
    const alertmanagerAuth = props.alertmanagerAuthSecret && {
      name: 'alertmanager-auth',
      secret: {
        secretName: props.alertmanagerAuthSecret,
        items: [USERNAME_KEY, PASSWORD_KEY].map((key) => ({ key, path: key })),
      },
    };
    this.service();
    createObject(this, 'Resource', k8s.KubeDeployment, {
      metadata: this.workloadMetadata(images.grafana, {
        ...UPSTREAM_USER,
        ...ONE_POD,
        'different-probes':
          'only one endpoint checks the database; liveness allows it two minutes, readiness fifteen seconds',
      }),
      spec: {
        ...this.workload(),
        replicas: 1,
        // Two Grafanas at once would each have their own database.
        strategy: { type: 'Recreate' },
        template: {
          metadata: this.podMetadata(checksumAnnotation({ ...config, ...provisioned, ...dashboards })),
          spec: this.podSpec({
            user: USER,
            container: {
              name: this.name,
              image: images.grafana,
              ports: this.ports,
              resources: GRAFANA_RESOURCES,
              go: {},
              readinessProbe: httpProbe('/api/health', 'http', { periodSeconds: 5 }),
              // The first start creates the database schema, which takes a minute on a slow disk.
              livenessProbe: httpProbe('/api/health', 'http', {
                initialDelaySeconds: 60,
                periodSeconds: 20,
                failureThreshold: 6,
              }),
              writable: { [DATA_PATH]: 'data', '/tmp': 'tmp' },
              env: [{ name: 'GF_PATHS_CONFIG', value: `${CONFIG_PATH}/grafana.ini` }],
              readOnly: {
                [CONFIG_PATH]: 'config',
                [`${PROVISIONING_PATH}/datasources`]: 'datasources',
                [`${PROVISIONING_PATH}/dashboards`]: 'dashboard-providers',
                [DASHBOARDS_PATH]: 'dashboards',
                ...(admin ? { [ADMIN_PATH]: admin.name } : {}),
                ...(alertmanagerAuth ? { [ALERTMANAGER_AUTH_PATH]: alertmanagerAuth.name } : {}),
                ...lokiAuth.readOnly,
              },
            },
            volumes: [
              file('config', configMap, 'grafana.ini'),
              file('datasources', configMap, 'datasources.yaml'),
              file('dashboard-providers', configMap, 'dashboards.yaml'),
              { name: 'dashboards', configMap: { name: dashboardMap.name } },
              { name: 'data', emptyDir: { sizeLimit: k8s.Quantity.fromString('256Mi') } },
              { name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('64Mi') } },
              ...(admin ? [admin] : []),
              ...(alertmanagerAuth ? [alertmanagerAuth] : []),
              ...lokiAuth.volumes,
            ],
          }),
        },
      },
    });
  }
}

/** Returns a volume with one file of a ConfigMap. */
function file(name: string, configMap: ApiObject, key: string): k8s.Volume {
  return { name, configMap: { name: configMap.name, items: [{ key, path: key }] } };
}
