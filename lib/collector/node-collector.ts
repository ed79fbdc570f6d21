import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { checksumAnnotation } from '../kubernetes/checksum';
import type { ClientAuth, clientAuth } from '../kubernetes/client-auth';
import { Component, type Placement } from '../kubernetes/component';
import { createObject } from '../kubernetes/create-object';
import type { ContainerProps } from '../kubernetes/pod';
import type { EventLog } from './event-log';
import { type CollectorHostOptions, hostFolders } from './host-folders';
import type { CollectorPipeline } from './pipeline/options';
import { readAccess } from './read-access';

/** Namespaces by tenant. Lines of all other namespaces belong to the stack's own tenant. */
export type TenantNamespaces = Readonly<Record<string, readonly string[]>>;

export interface CollectorProps {
  /** Base URL of Loki. */
  readonly lokiUrl: string;
  /** Start time, RFC 3339: earlier lines are left to another collector. @default none, all lines are read */
  readonly since?: string;
  /** Namespaces of each tenant. @default none */
  readonly tenants?: TenantNamespaces;
  /** Tenant of all other namespaces. @default 'fake' with `tenants`, otherwise none: requests have no tenant header */
  readonly tenant?: string;
  /** Credentials for Loki, and its CA. @default none */
  readonly auth?: ClientAuth;
  /** Access to the node's file system. @default see `CollectorHostOptions` */
  readonly host?: CollectorHostOptions;
  /** Stream of Alertmanager's events. @default none, it records none */
  readonly eventLog?: EventLog;
  /** Changes to log lines before they are sent. @default none */
  readonly pipeline?: CollectorPipeline;
  /** Value of the label `cluster` of all lines. @default no such label */
  readonly cluster?: string;
  /** Collects the systemd journal of the node; only supported by Promtail. @default false */
  readonly journald?: boolean;
}

/** Value of `app.kubernetes.io/component` of every collector, and key of its pod settings in the options. */
export const LOG_COLLECTOR = 'log-collector';

/** The node's log files are only readable by root. */
const USER = 0;
const ROOT = 'only root can read the log files of the node';

export interface NodeCollectorProps
  extends Omit<ContainerProps, 'name' | 'ports' | 'env' | 'go' | 'writable' | 'readOnly' | 'livenessProbe'> {
  /** Name of the port for the liveness probe. */
  readonly livenessPort: string;
  /** Fraction of the memory limit for Go. @default see `GoRuntime` */
  readonly goMemoryShare?: number;
  /** Environment variable for the name of the node: the collector only reads this node's pods. */
  readonly nodeNameVariable: string;
  /** Folder of the configuration files, and their contents by name. */
  readonly config: { readonly path: string; readonly data: Record<string, string> };
  /** Volumes with credentials, and their mount paths. @default none */
  readonly auth?: Pick<ReturnType<typeof clientAuth>, 'volumes' | 'readOnly'>;
  /** Folder on the node for the read positions, so that they survive the pod. */
  readonly positionsPath: string;
  /** Access to the node's file system. @default see `CollectorHostOptions` */
  readonly host?: CollectorHostOptions;
  /** Mounts the systemd journal of the node. @default false */
  readonly journald?: boolean;
}

/**
 * A log collector: one pod per node that reads the log files of all pods on the node and sends them to Loki, with the
 * labels `COLLECTOR_LABELS`. All collectors need the same of Kubernetes and of the node.
 */
export abstract class NodeCollector extends Component {
  /** @param ports `http` serves the collector's metrics */
  protected constructor(
    scope: Construct,
    name: string,
    ports: { readonly http: number; [name: string]: number },
    placement: Placement = {},
  ) {
    super(scope, name, LOG_COLLECTOR, ports, { ...placement, podsName: LOG_COLLECTOR });
  }

  /**
   * Creates the collector's objects.
   * @internal
   */
  protected deploy(props: NodeCollectorProps): void {
    const {
      livenessPort,
      goMemoryShare,
      nodeNameVariable,
      config,
      positionsPath,
      host = {},
      journald,
      auth,
      ...container
    } = props;
    const folders = hostFolders(positionsPath, host, journald);
    readAccess(this, ['pods']);
    const configMap = this.configMap('config', config.data);
    createObject(this, 'Resource', k8s.KubeDaemonSet, {
      metadata: this.workloadMetadata(container.image, {
        'high-user-id': ROOT,
        'non-root': ROOT,
        'host-folders': 'the log files and the read positions are on the node',
        'api-token': 'it watches the pods of its node',
        spread: 'there is one pod per node',
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
              // Down for two minutes, not merely busy.
              livenessProbe: {
                tcpSocket: { port: k8s.IntOrString.fromString(livenessPort) },
                periodSeconds: 20,
                failureThreshold: 6,
              },
              writable: folders.writable,
              readOnly: { [config.path]: 'config', ...auth?.readOnly, ...folders.readOnly },
            },
            // On every node, regardless of taints: also the control plane, GPU nodes and nodes being drained.
            tolerations: [{ operator: 'Exists' }],
            // The image is for Linux only.
            nodeSelector: { 'kubernetes.io/os': 'linux' },
            volumes: [
              { name: 'config', configMap: { name: configMap.name } },
              ...(auth?.volumes ?? []),
              ...folders.volumes,
            ],
          }),
        },
      },
    });
  }
}
