import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { disruptionBudget, spread } from '../kubernetes/availability';
import { WEB_CONFIG_KEY } from '../kubernetes/basic-auth';
import { checksumAnnotation } from '../kubernetes/checksum';
import { Component, type Placement } from '../kubernetes/component';
import { createObject } from '../kubernetes/create-object';
import { httpProbe } from '../kubernetes/pod';
import { statefulSet } from '../kubernetes/stateful-set';
import { ONE_SERVED, SPREAD } from '../kubernetes/waivers';
import { images } from '../versions/images';
import type { AlertmanagerConfig } from './config/config';
import { eventRecorderArgs } from './config/event-recorder';
import { DATA_PATH, TEMPLATES_PATH } from './config/pod-folders';
import { toYaml } from './config/write';
import { ALERTMANAGER } from './event-log';
import { secretFolder } from './mounted-secrets';

export interface AlertmanagerProps {
  /** Routes, receivers and templates. */
  readonly config: AlertmanagerConfig;
  /** Texts of message templates, by file name. */
  readonly templates: Readonly<Record<string, string>>;
  /** Base URL in a browser, for links in notifications. */
  readonly externalUrl: string;
  /** Secrets whose keys receivers read as files, see `secretFile`. @default none */
  readonly secrets?: readonly string[];
  /** Secret with `web.yml`, the users of its basic authentication. @default none, no authentication */
  readonly basicAuthSecret?: string;
  /** Storage class of the volume claim. @default the cluster's default class */
  readonly storageClassName?: string;
  /** Number of replicas. Several gossip about sent notifications, so that each is sent once. @default 1 */
  readonly replicas?: number;
}

const HTTP_PORT = 9093;
const GOSSIP_PORT = 9094;

const WEB_CONFIG_PATH = '/etc/alertmanager-web';

/** User of the upstream image. */
const USER = 65534;

/** Measured: 34 MiB resident, 1m CPU. Only firing alerts and silences are kept in memory. */
export const ALERTMANAGER_RESOURCES = { cpu: '20m', memory: '64Mi', memoryLimit: '128Mi' };

/** Silences and the notification log take kilobytes; most storage classes provision at least this. */
const STORAGE = '100Mi';

/** An empty address disables gossip: a single Alertmanager would wait for peers. */
const NO_GOSSIP_ARGS = ['--cluster.listen-address='];

function gossipArgs(peers: readonly string[]): string[] {
  return [
    // For this address, Go listens on IPv6 too.
    `--cluster.listen-address=0.0.0.0:${GOSSIP_PORT}`,
    // Autodetection only finds private addresses, which some clusters' pods do not have. Brackets allow IPv6.
    `--cluster.advertise-address=[$(POD_IP)]:${GOSSIP_PORT}`,
    ...peers.map((host) => `--cluster.peer=${host}:${GOSSIP_PORT}`),
  ];
}

const TCP: k8s.Probe = { tcpSocket: { port: k8s.IntOrString.fromString('http') } };

/** One Alertmanager, or several that gossip: a StatefulSet whose silences and notification log outlive the pods. */
export class Alertmanager extends Component {
  /** Base URL of each pod: alerts are sent to all of them, because any may be down. */
  readonly urls: readonly string[];

  constructor(scope: Construct, props: AlertmanagerProps, placement?: Placement) {
    const { replicas = 1, secrets = [], basicAuthSecret } = props;
    const gossips = replicas > 1;
    const ports = { http: HTTP_PORT, ...(gossips ? { gossip: GOSSIP_PORT } : {}) };
    super(scope, ALERTMANAGER, 'alert-router', ports, placement);
    const peers = Array.from(
      { length: replicas },
      (_, i) => `${this.name}-${i}.${this.gossipName}.${this.namespace}.svc`,
    );
    this.urls = gossips ? peers.map((host) => `http://${host}:${HTTP_PORT}`) : [this.url('http')];
    const data = {
      'alertmanager.yml': toYaml(props.config),
      ...props.templates,
    };
    const configMap = this.configMap('config', data);
    // Numbered, because a Secret's name may be longer than that of a volume.
    const secretVolumes = secrets.map((secretName, i) => ({ name: `secret-${i}`, secret: { secretName } }));
    const secretMounts = secrets.map((secretName, i) => [secretFolder(secretName), `secret-${i}`]);
    const webConfig = basicAuthSecret && {
      name: 'web-config',
      secret: { secretName: basicAuthSecret, items: [{ key: WEB_CONFIG_KEY, path: WEB_CONFIG_KEY }] },
    };
    this.service();
    if (gossips) this.gossipService();
    disruptionBudget(this, replicas);
    statefulSet(this, 'Resource', {
      metadata: this.workloadMetadata(images.alertmanager, {
        ...(gossips ? SPREAD : ONE_SERVED),
        ...(webConfig ? { 'different-probes': 'without a password only TCP probes succeed' } : {}),
      }),
      spec: {
        ...this.workload(),
        serviceName: gossips ? this.gossipName : this.name,
        replicas,
        // No replica has to wait for another to be ready.
        ...(gossips ? { podManagementPolicy: 'Parallel' } : {}),
        template: {
          // Alertmanager does not watch its files. It reads Secrets at every notification, without a restart.
          metadata: this.podMetadata(checksumAnnotation(data)),
          spec: this.podSpec({
            user: USER,
            container: {
              name: this.name,
              image: images.alertmanager,
              args: [
                `--config.file=${TEMPLATES_PATH}/alertmanager.yml`,
                `--storage.path=${DATA_PATH}`,
                `--web.external-url=${props.externalUrl}`,
                // The default is that URL's path, which probes, Loki, Grafana and Prometheus do not use.
                '--web.route-prefix=/',
                ...(webConfig ? [`--web.config.file=${WEB_CONFIG_PATH}/${WEB_CONFIG_KEY}`] : []),
                ...(gossips ? gossipArgs(peers) : NO_GOSSIP_ARGS),
                ...eventRecorderArgs(props.config),
                '--log.level=warn',
              ],
              ...(gossips ? { env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }] } : {}),
              ports: this.ports,
              resources: ALERTMANAGER_RESOURCES,
              go: {},
              // A probe cannot read a password from a Secret. Both paths respond as soon as the port is open.
              readinessProbe: { ...(webConfig ? TCP : httpProbe('/-/ready', 'http')), periodSeconds: 5 },
              livenessProbe: {
                ...(webConfig ? TCP : httpProbe('/-/healthy', 'http')),
                periodSeconds: 20,
                failureThreshold: 6,
              },
              writable: { [DATA_PATH]: 'data' },
              readOnly: {
                [TEMPLATES_PATH]: 'config',
                ...(webConfig ? { [WEB_CONFIG_PATH]: webConfig.name } : {}),
                ...Object.fromEntries(secretMounts),
              },
            },
            topologySpreadConstraints: gossips ? spread(this.selector, 'StatefulSet') : undefined,
            volumes: [
              { name: 'config', configMap: { name: configMap.name } },
              ...(webConfig ? [webConfig] : []),
              ...secretVolumes,
            ],
          }),
        },
      },
      claim: { storage: STORAGE, storageClassName: props.storageClassName },
    });
  }

  private get gossipName(): string {
    return `${this.name}-gossip`;
  }

  /** Gives each pod a DNS name, for its peers and the ruler. */
  private gossipService(): void {
    createObject(this, 'gossip', k8s.KubeService, {
      metadata: { ...this.metadata, name: this.gossipName },
      spec: {
        clusterIp: 'None',
        // Pods become ready only after they have found each other.
        publishNotReadyAddresses: true,
        selector: { ...this.selector },
        ports: [{ name: 'gossip', port: GOSSIP_PORT, targetPort: k8s.IntOrString.fromString('gossip') }],
      },
    });
  }
}
