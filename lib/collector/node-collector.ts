import { k8s } from 'cdk8s-plus-27';
import { checksumAnnotation } from '../kubernetes/checksum';
import { clusterScoped } from '../kubernetes/cluster-scoped';
import { Component } from '../kubernetes/component';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import type { ContainerProps } from '../kubernetes/pod';

/** Tenant to the namespaces whose lines are sent as its own; all others are the stack's own tenant's. */
export type TenantNamespaces = Readonly<Record<string, readonly string[]>>;

export interface CollectorProps {
  /** Base URL of Loki. */
  readonly lokiUrl: string;
  /** Time before which lines are left to another collector, RFC 3339. @default every line of the files is read */
  readonly since?: string;
  /** Namespaces of each tenant. @default requests name no tenant */
  readonly tenants?: TenantNamespaces;
}

/** Value of `app.kubernetes.io/component` of every collector, and key of its pods' settings in the options. */
export const LOG_COLLECTOR = 'log-collector';

/** The kubelet's folder of pod logs. */
export const POD_LOGS_PATH = '/var/log/pods';

/** Where Docker keeps the files that the links in /var/log/pods lead to; an empty folder with containerd. */
const DOCKER_LOGS_PATH = '/var/lib/docker/containers';

/** The node's log files belong to root and are readable for nobody else. */
const USER = 0;

export interface NodeCollectorProps
  extends Omit<ContainerProps, 'name' | 'ports' | 'env' | 'go' | 'writable' | 'readOnly' | 'livenessProbe'> {
  /** Name of the port that a healthy collector listens on. */
  readonly alivePort: string;
  /** Part of the memory limit that Go may fill. @default as in `GoRuntime` */
  readonly goMemoryShare?: number;
  /** Variable that tells it the name of its node: it reads this node's pods only. */
  readonly nodeNameVariable: string;
  /** Folder of its configuration files, and their texts by name. */
  readonly config: { readonly path: string; readonly data: Record<string, string> };
  /** Folder on the node that keeps what was read, so that it survives the pod. */
  readonly positionsPath: string;
}

/**
 * A log collector: one pod on every node that reads the log files of all its pods and sends them to Loki, with the
 * labels `COLLECTOR_LABELS`. What they need of Kubernetes and of the node is the same for all of them.
 */
export abstract class NodeCollector extends Component {
  /** @param ports `http` serves its metrics */
  protected constructor(
    chart: NamespacedChart,
    name: string,
    ports: { readonly http: number; [name: string]: number },
  ) {
    super(chart, name, LOG_COLLECTOR, ports, LOG_COLLECTOR);
  }

  /** Its objects. */
  protected deploy(props: NodeCollectorProps): void {
    const { alivePort, goMemoryShare, nodeNameVariable, config, positionsPath, ...container } = props;
    this.rbac();
    const configMap = this.configMap('config', config.data);
    new k8s.KubeDaemonSet(this, 'daemon-set', {
      metadata: this.workloadMetadata({
        'container-security-context-user-group-id': 'only root may read the log files of the node',
      }),
      spec: {
        ...this.workload(),
        template: {
          metadata: this.podMetadata(checksumAnnotation(config.data)),
          spec: this.podSpec({
            user: USER,
            serviceAccountName: this.name,
            container: {
              name: this.name,
              ...container,
              go: { memoryShare: goMemoryShare },
              env: [{ name: nodeNameVariable, valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
              ports: this.ports,
              // Away for two minutes, not merely busy.
              livenessProbe: {
                tcpSocket: { port: k8s.IntOrString.fromString(alivePort) },
                periodSeconds: 20,
                failureThreshold: 6,
              },
              writable: { [positionsPath]: 'positions' },
              readOnly: { [config.path]: 'config', [POD_LOGS_PATH]: 'pod-logs', [DOCKER_LOGS_PATH]: 'docker-logs' },
            },
            // Every node's logs: those of the control plane, of GPUs and of spot machines too.
            tolerations: [{ operator: 'Exists', effect: 'NoSchedule' }],
            volumes: [
              { name: 'config', configMap: { name: configMap.name } },
              { name: 'positions', hostPath: { path: positionsPath, type: 'DirectoryOrCreate' } },
              { name: 'pod-logs', hostPath: { path: POD_LOGS_PATH } },
              { name: 'docker-logs', hostPath: { path: DOCKER_LOGS_PATH, type: 'DirectoryOrCreate' } },
            ],
          }),
        },
      },
    });
  }

  /** Exactly what following the pods of a node needs. */
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
