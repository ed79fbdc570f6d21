import type { ClientAuthFiles } from '../../kubernetes/client-auth';
import { OWN_TENANT } from '../../rules/tenant';
import { BATCH_SIZE } from '../batch';
import { ANNOTATIONS, EVENT_LEVEL, type EventLog, OMITTED_LABEL, REPEATED } from '../event-log';
import { CONTROLLER_NAME } from '../labels';
import type { TenantNamespaces } from '../node-collector';
import type { CollectorPipeline } from '../pipeline/options';
import { journalScrape } from './journal';
import { type PromtailStage, pipelineOptionStages, temporaryLabels } from './pipeline';

export interface PromtailConfigProps {
  /** Base URL of Loki. */
  readonly lokiUrl: string;
  /** Folder for the read positions; on the node, so that they survive the pod. */
  readonly positionsPath: string;
  /** The kubelet's folder of pod logs. */
  readonly podLogsPath: string;
  /** Namespaces of each tenant. @default none */
  readonly tenants?: TenantNamespaces;
  /** Tenant of all other namespaces. @default 'fake' with `tenants`, otherwise none: requests have no tenant header */
  readonly tenant?: string;
  /** Files with credentials for Loki. @default none */
  readonly auth?: ClientAuthFiles;
  /** Stream of Alertmanager's events. @default none, it records none */
  readonly eventLog?: EventLog;
  /** Changes to log lines before they are sent. @default none */
  readonly pipeline?: CollectorPipeline;
  /** Value of the label `cluster` of all lines. @default no such label */
  readonly cluster?: string;
  /** Collects the systemd journal of the node. @default false */
  readonly journald?: boolean;
  /** TCP port of metrics and probes. */
  readonly httpPort: number;
}

/**
 * The default drops a batch after ten retries, about 8 minutes. Seventy retries take an hour: Loki may be down for
 * longer than a restart, and unread lines stay in the files on the node.
 */
const BACKOFF = { min_period: '500ms', max_period: '1m', max_retries: 70 };

/** Interval between searches for new files. With the default, the first lines of a new pod are read up to 10 s late. */
const SYNC_PERIOD = '5s';

/** At info Promtail logs every file, and would send those lines to Loki too. */
const LOG_LEVEL = 'warn';

/**
 * Returns the configuration for Promtail 3.6: sends the logs of all pods on its node to Loki.
 * @see https://grafana.com/docs/loki/v3.6.x/send-data/promtail/configuration/
 */
export function promtailConfig(props: PromtailConfigProps) {
  return {
    server: { http_listen_port: props.httpPort, grpc_listen_port: 0, log_level: LOG_LEVEL },
    clients: [
      {
        url: `${props.lokiUrl}/loki/api/v1/push`,
        batchsize: BATCH_SIZE,
        backoff_config: BACKOFF,
        ...tenantOf(props),
        ...authOf(props.auth),
        ...(props.cluster === undefined ? {} : { external_labels: { cluster: props.cluster } }),
      },
    ],
    positions: { filename: `${props.positionsPath}/positions.yaml` },
    target_config: { sync_period: SYNC_PERIOD },
    scrape_configs: [
      {
        job_name: 'kubernetes-pods',
        kubernetes_sd_configs: [{ role: 'pod' }],
        relabel_configs: relabelConfigs(props.podLogsPath),
        pipeline_stages: [
          ...pipelineStages(props.pipeline),
          ...eventStages(props.eventLog),
          ...tenantStages(props.tenants),
        ],
      },
      ...(props.journald ? [journalScrape(props.pipeline)] : []),
    ],
  };
}

function tenantOf({ tenant, tenants }: PromtailConfigProps) {
  const id = tenant ?? (tenants && OWN_TENANT);
  return id === undefined ? {} : { tenant_id: id };
}

/** @see https://grafana.com/docs/loki/v3.6.x/send-data/promtail/configuration/#clients */
function authOf({ username, password, token, ca }: ClientAuthFiles = {}) {
  return {
    ...(username ? { basic_auth: { username_file: username, password_file: password } } : {}),
    ...(token ? { authorization: { credentials_file: token } } : {}),
    ...(ca ? { tls_config: { ca_file: ca } } : {}),
  };
}

/**
 * Returns one pipeline for both log formats, distinguished by the line itself: Docker writes JSON, containerd and CRI-O
 * prefix each line. Both stages set `stream`. The second stage requires it to be unset, because the text of a Docker
 * line may look like a CRI line.
 */
function pipelineStages(pipeline?: CollectorPipeline): PromtailStage[] {
  return [
    {
      match: {
        selector: '{stream=""} |~ "^\\\\{\\"log\\":.*\\"stream\\":\\"(stdout|stderr)\\".*\\"time\\":"',
        // Docker includes the newline in the text.
        stages: [{ docker: {} }, { replace: { expression: '(\\n)$', replace: '' } }],
      },
    },
    {
      match: {
        selector: '{stream=""} |~ "^\\\\d{4}-\\\\d{2}-\\\\d{2}T\\\\S+ (stdout|stderr) [FP] "',
        stages: [{ cri: {} }],
      },
    },
    // Before `filename` is dropped, so that an entry never has lines of two files.
    ...pipelineOptionStages(pipeline),
    // Promtail's label for the path on the node: it changes with each container restart and would split the streams.
    { labeldrop: ['filename', ...temporaryLabels(pipeline)] },
  ];
}

/** Returns stages for Alertmanager's events, without repetitions and annotations. */
function eventStages(eventLog?: EventLog) {
  if (eventLog === undefined) return [];
  const selector = `{namespace="${eventLog.namespace}", app="${eventLog.app}", stream="stdout"}`;
  return [
    {
      match: {
        selector: `${selector} |= ${JSON.stringify(REPEATED)}`,
        action: 'drop',
        drop_counter_reason: 'repeated_event',
      },
    },
    {
      match: {
        selector,
        stages: [
          { replace: { expression: ANNOTATIONS, replace: '{}' } },
          { template: { source: 'detected_level', template: EVENT_LEVEL } },
          { structured_metadata: { detected_level: '' } },
          { labeldrop: [OMITTED_LABEL] },
        ],
      },
    },
  ];
}

/** Returns stages that set the tenant of its namespaces' lines. */
function tenantStages(tenants: TenantNamespaces = {}) {
  return Object.entries(tenants).map(([tenant, namespaces]) => ({
    match: { selector: `{namespace=~"${namespaces.join('|')}"}`, stages: [{ tenant: { value: tenant } }] },
  }));
}

/** Returns rules that derive a container's labels and the path of its log files from service discovery. */
function relabelConfigs(podLogsPath: string) {
  const pod = '__meta_kubernetes_pod';
  return [
    {
      source_labels: [`${pod}_controller_name`],
      regex: CONTROLLER_NAME,
      target_label: '__tmp_controller_name',
    },
    // The app is the first of these that is not empty. The joined values are separated by `;`.
    {
      source_labels: [
        `${pod}_label_app_kubernetes_io_name`,
        `${pod}_label_app`,
        '__tmp_controller_name',
        `${pod}_name`,
      ],
      regex: '^;*([^;]+)(;.*)?$',
      target_label: 'app',
    },
    { source_labels: [`${pod}_node_name`], target_label: 'node_name' },
    { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
    { source_labels: ['namespace', 'app'], separator: '/', target_label: 'job' },
    { source_labels: [`${pod}_name`], target_label: 'pod' },
    { source_labels: [`${pod}_container_name`], target_label: 'container' },
    {
      source_labels: [`${pod}_uid`, `${pod}_container_name`],
      separator: '/',
      target_label: '__path__',
      replacement: `${podLogsPath}/*$1/*.log`,
    },
    // The folder of a static pod (the control plane) has the hash of its manifest in place of the uid.
    {
      source_labels: [
        `${pod}_annotationpresent_kubernetes_io_config_hash`,
        `${pod}_annotation_kubernetes_io_config_hash`,
        `${pod}_container_name`,
      ],
      separator: '/',
      regex: 'true/(.*)',
      target_label: '__path__',
      replacement: `${podLogsPath}/*$1/*.log`,
    },
  ];
}
