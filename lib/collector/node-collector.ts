import { k8s } from 'cdk8s-plus-27';
import { checksumAnnotation } from '../kubernetes/checksum';
import { clusterScoped } from '../kubernetes/cluster-scoped';
import { Component } from '../kubernetes/component';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import type { ContainerProps } from '../kubernetes/pod';
import { type CollectorHostOptions, hostFolders } from './host-folders';

/** Tenant to the namespaces whose lines are sent as its own; all others are the stack's own tenant's. */
export type TenantNamespaces = Readonly<Record<string, readonly string[]>>;

export interface CollectorProps {
  /** Base URL of Loki. */
  readonly lokiUrl: string;
  /** Time before which lines are left to another collector, RFC 3339. @default every line of the files is read */
  readonly since?: string;
  /** Namespaces of each tenant. @default requests name no tenant */
  readonly tenants?: TenantNamespaces;
  /** What it gets of the node's file system. @default as in `CollectorHostOptions` */
  readonly host?: CollectorHostOptions;
}

/** Value of `app.kubernetes.io/component` of every collector, and key of its pods' settings in the options. */
export const LOG_COLLECTOR = 'log-collector';

/** The node's log files belong to root and are readable for nobody else. */
const USER = 0;
const ROOT = 'only root may read the log files of the node';

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
  /** What it gets of the node's file system. @default as in `CollectorHostOptions` */
  readonly host?: CollectorHostOptions;
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
    const { alivePort, goMemoryShare, nodeNameVariable, config, positionsPath, host = {}, ...container } = props;
    const folders = hostFolders(positionsPath, host);
    this.rbac();
    const configMap = this.configMap('config', config.data);
    new k8s.KubeDaemonSet(this, 'daemon-set', {
      metadata: this.workloadMetadata(container.image, {
        'high-user-id': ROOT,
        'non-root': ROOT,
        'host-folders': 'the log files are on the node, and so is how far they were read',
        'api-token': 'it asks the API server whose log files they are',
        spread: 'there is one pod on every node',
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
              writable: folders.writable,
              readOnly: { [config.path]: 'config', ...folders.readOnly },
            },
            // Every node's logs, whatever its taints: those of the control plane, of GPUs and of nodes that are drained too.
            tolerations: [{ operator: 'Exists' }],
            // The image is for no other system; a pod on a Windows node would fail for ever.
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            volumes: [{ name: 'config', configMap: { name: configMap.name } }, ...folders.volumes],
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
