import type { LokiVersion } from '../versions/loki';
import type { Duration } from './model';

/** Options of `checkRuleFiles`: the Loki that the rules are for. */
export interface CheckOptions {
  /** The ruler's `evaluation_interval`, for groups without their own. @default '1m' */
  readonly evaluationInterval?: Duration;
  /** Version of Loki, which some checks depend on. @default the version in the manifests */
  readonly lokiVersion?: LokiVersion;
  /** `retention_period` of Loki: lines older than this are deleted. @default unknown, not checked */
  readonly retention?: Duration;
  /** Values that the label `severity` may have. @default any */
  readonly severities?: readonly string[];
  /**
   * Stream labels that the collector sets, and `service_name` if Loki adds it.
   * @default those that common collectors set
   */
  readonly collectorLabels?: readonly string[];
  /** True if the label `job` is `<namespace>/<app>`, as this project's collectors set it. @default false, any value */
  readonly namespacedJobs?: boolean;
  /** Known labels of the stream of Loki's own logs. @default `container` and `app` are `loki` */
  readonly lokiLabels?: Readonly<Record<string, string>>;
  /**
   * True if files stay in the folders that they were read from, one folder for each tenant.
   * @default false, all in one folder
   */
  readonly separateFolders?: boolean;
  /** True if the files become keys of ConfigMaps, whose names and sizes are limited. @default false, plain files */
  readonly asConfigMaps?: boolean;
  /**
   * Resources of the Loki operator on OpenShift, whose webhook requires more of a rule: their namespace and tenant. The
   * expressions are only checked if the namespace is known.
   * @default none, not on OpenShift
   */
  readonly openshift?: { readonly namespace?: string; readonly tenant?: string };
  /** True if the ruler has a remote write target, which recording rules need. @default unknown, not checked */
  readonly remoteWrite?: boolean;
  /** True to return waived findings too, with the reason. @default false */
  readonly keepWaived?: boolean;
}

/** Default of the ruler's `evaluation_interval`, from pkg/ruler/base/ruler.go. */
export const DEFAULT_EVALUATION_INTERVAL = '1m';

export const DEFAULT_LOKI_LABELS: Readonly<Record<string, string>> = { app: 'loki', container: 'loki' };

/**
 * Structured metadata that Loki adds to each line (`discover_log_levels`): available to filters and groupings, but not
 * to selectors.
 */
export const LOKI_LABELS: readonly string[] = ['detected_level'];

/**
 * Labels that collectors set by default: the Promtail chart's scrape configs, Alloy's Kubernetes and Docker examples,
 * the Docker driver, Lambda and journal sources, the collector of OpenShift; and `service_name`, which Loki itself
 * adds.
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
