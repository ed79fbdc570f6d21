import type { Duration } from './model';

/** Options of `checkRuleFiles`: the Loki that the rules are for. */
export interface CheckOptions {
  /** The ruler's `evaluation_interval`, for groups without their own. @default '1m' */
  readonly evaluationInterval?: Duration;
  /** Values that the label `severity` may have. @default any */
  readonly severities?: readonly string[];
  /** Labels of streams, as the collector sets them, and `service_name` where Loki adds it. @default those that Promtail, Alloy and Loki's other collectors commonly set */
  readonly collectorLabels?: readonly string[];
  /** The label `job` is `<namespace>/<app>`, as this project's collectors set it. @default false, it may be anything */
  readonly namespacedJobs?: boolean;
  /** Labels of the stream of Loki's own logs, as far as they are known. @default `container` and `app` are `loki` */
  readonly lokiLabels?: Readonly<Record<string, string>>;
  /**
   * Files stay in the folders that they were read from, each folder a tenant's own.
   * @default false, all go into one folder
   */
  readonly separateFolders?: boolean;
  /** The files become keys of ConfigMaps, which have limits of their own. @default false, plain files */
  readonly asConfigMaps?: boolean;
  /** The ruler has a remote write target, which recording rules need. @default not known, so not checked */
  readonly remoteWrite?: boolean;
  /** Returns findings that are waived too, with the reason. @default false */
  readonly keepWaived?: boolean;
}

/** Where the default of the ruler's `evaluation_interval` is from: pkg/ruler/base/ruler.go */
export const DEFAULT_EVALUATION_INTERVAL = '1m';

export const DEFAULT_LOKI_LABELS: Readonly<Record<string, string>> = { app: 'loki', container: 'loki' };

/**
 * What Loki adds to each line (`discover_log_levels`): structured metadata, which filters and groupings see, and selectors
 * do not.
 */
export const LOKI_LABELS: readonly string[] = ['detected_level'];

/**
 * What collectors set out of the box: the Promtail chart's scrape configs, Alloy's Kubernetes and Docker examples, the
 * Docker driver, Lambda and journal sources, the collector of OpenShift, and the `service_name` that Loki itself adds.
 */
export const COMMON_COLLECTOR_LABELS: readonly string[] = [
  ...['namespace', 'app', 'pod', 'container', 'node_name', 'job', 'stream', 'instance', 'component', 'filename'],
  ...[
    'service_name',
    'service_namespace',
    'service',
    'cluster',
    'env',
    'environment',
    'region',
    'team',
    'node',
    'tenant',
  ],
  ...['level', 'logtype', 'flags', 'source', 'container_name', 'pod_name', 'app_kubernetes_io_name'],
  ...['host', 'hostname', 'nodename', 'unit', 'syslog_identifier', 'transport', 'priority', 'facility', 'severity'],
  ...['compose_project', 'compose_service', 'swarm_service', 'swarm_stack', 'image', 'image_name'],
  ...[
    'k8s_namespace_name',
    'k8s_pod_name',
    'k8s_container_name',
    'k8s_deployment_name',
    'k8s_cluster_name',
    'k8s_node_name',
  ],
  ...['kubernetes_namespace_name', 'kubernetes_pod_name', 'kubernetes_container_name', 'kubernetes_host', 'log_type'],
  ...[
    'openshift_log_type',
    'openshift_cluster_id',
    'service_instance_id',
    'deployment_environment',
    'deployment_environment_name',
    'cloud_region',
  ],
];
