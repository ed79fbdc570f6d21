import { k8s } from 'cdk8s-plus-27';
import { stringify } from 'yaml';
import { images } from '../images';
import { checksumAnnotation } from '../kubernetes/checksum';
import { clusterScoped } from '../kubernetes/cluster-scoped';
import { Component } from '../kubernetes/component';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { httpProbe, podSpec } from '../kubernetes/pod';
import { promtailConfig } from './config';

export interface PromtailProps {
  /** Base URL of Loki. */
  readonly lokiUrl: string;
}

const CONFIG_PATH = '/etc/promtail';
const POSITIONS_PATH = '/run/promtail';
const POD_LOGS_PATH = '/var/log/pods';
/** Where Docker keeps the files that the links in /var/log/pods lead to; an empty folder with containerd. */
const DOCKER_LOGS_PATH = '/var/lib/docker/containers';

/** The node's log files belong to root and are readable for nobody else. */
const USER = 0;

/** Resident 91 MiB with the demo's pods; it grows with the number of files it follows. CPU: 10m idle, 24m in the flood. */
const RESOURCES = { cpu: '50m', memory: '128Mi', memoryLimit: '256Mi' };

/**
 * Promtail on every node: reads the log files of all pods and pushes them to Loki.
 */
export class Promtail extends Component {
  constructor(chart: NamespacedChart, props: PromtailProps) {
    super(chart, 'promtail', 'log-collector', { http: 3101 });
    this.rbac();

    const config = promtailConfig({
      lokiUrl: props.lokiUrl,
      positionsPath: POSITIONS_PATH,
      podLogsPath: POD_LOGS_PATH,
      httpPort: 3101,
    });
    const data = { 'config.yaml': stringify(config) };
    const configMap = this.configMap('config', data);

    new k8s.KubeDaemonSet(this, 'daemon-set', {
      metadata: this.workloadMetadata({
        'container-security-context-user-group-id': 'only root may read the log files of the node',
      }),
      spec: {
        ...this.workload(),
        template: {
          metadata: this.podMetadata(checksumAnnotation(data)),
          spec: podSpec({
            user: USER,
            serviceAccountName: this.name,
            container: {
              name: this.name,
              image: images.promtail,
              args: [`-config.file=${CONFIG_PATH}/config.yaml`],
              // Promtail follows the pods of the node of this name only.
              env: [{ name: 'HOSTNAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
              ports: this.ports,
              resources: RESOURCES,
              // Ready means that it follows at least one file.
              readinessProbe: httpProbe('/ready', 'http', { periodSeconds: 5 }),
              livenessProbe: {
                tcpSocket: { port: k8s.IntOrString.fromString('http') },
                periodSeconds: 20,
                failureThreshold: 6,
              },
              writable: { [POSITIONS_PATH]: 'positions' },
              readOnly: { [CONFIG_PATH]: 'config', [POD_LOGS_PATH]: 'pod-logs', [DOCKER_LOGS_PATH]: 'docker-logs' },
            },
            // The control plane's logs too.
            tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
            volumes: [
              { name: 'config', configMap: { name: configMap.name } },
              { name: 'positions', hostPath: { path: POSITIONS_PATH, type: 'DirectoryOrCreate' } },
              { name: 'pod-logs', hostPath: { path: POD_LOGS_PATH } },
              { name: 'docker-logs', hostPath: { path: DOCKER_LOGS_PATH, type: 'DirectoryOrCreate' } },
            ],
          }),
        },
      },
    });
  }

  /** Exactly what discovery of pods uses. */
  private rbac(): void {
    const { labels } = this.metadata;
    // Cluster-wide names: the namespace in front keeps two installations apart.
    const name = `${this.namespace}-${this.name}`;
    const account = new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: this.metadata,
      automountServiceAccountToken: false,
    });
    const role = new k8s.KubeClusterRole(this, 'cluster-role', {
      metadata: { name, labels },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    });
    const binding = new k8s.KubeClusterRoleBinding(this, 'cluster-role-binding', {
      metadata: { name, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role.name },
      subjects: [{ kind: 'ServiceAccount', name: account.name, namespace: this.namespace }],
    });
    clusterScoped(role);
    clusterScoped(binding);
  }
}
