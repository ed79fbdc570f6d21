import { OWN_TENANT } from '../../rules/tenant';
import { BATCH_SIZE } from '../batch';
import { CONTROLLER_NAME } from '../labels';
import type { TenantNamespaces } from '../node-collector';

export interface PromtailConfigProps {
  /** Base URL of Loki. */
  readonly lokiUrl: string;
  /** Folder that keeps what was read; on the node, so that it survives the pod. */
  readonly positionsPath: string;
  /** The kubelet's folder of pod logs. */
  readonly podLogsPath: string;
  /** Namespaces of each tenant. @default requests name no tenant */
  readonly tenants?: TenantNamespaces;
  /** TCP port of metrics and readiness. */
  readonly httpPort: number;
}

/**
 * The default drops a batch after ten tries, about 8 minutes. Seventy make it an hour: Loki may be away longer than a
 * restart takes, and what is still unread stays in the files on the node.
 */
const BACKOFF = { min_period: '500ms', max_period: '1m', max_retries: 70 };

/** How often new files are looked for. By default the first seconds of a new pod are read up to 10 s late. */
const SYNC_PERIOD = '5s';

/** At info Promtail tells of each file, and would send those lines to Loki too. */
const LOG_LEVEL = 'warn';

/**
 * Promtail 3.6: the logs of all pods of its node to Loki.
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
        ...(props.tenants ? { tenant_id: OWN_TENANT } : {}),
      },
    ],
    positions: { filename: `${props.positionsPath}/positions.yaml` },
    target_config: { sync_period: SYNC_PERIOD },
    scrape_configs: [
      {
        job_name: 'kubernetes-pods',
        kubernetes_sd_configs: [{ role: 'pod' }],
        relabel_configs: relabelConfigs(props.podLogsPath),
        pipeline_stages: [...pipelineStages(), ...tenantStages(props.tenants)],
      },
    ],
  };
}

/**
 * One pipeline for both log formats, told apart by the line itself: Docker writes JSON, containerd and CRI-O prefix
 * each line. Both stages set `stream`; its absence guards the second stage from what the first one unpacked, because
 * the text of a Docker line may well look like a CRI line.
 */
function pipelineStages() {
  return [
    {
      match: {
        selector: '{stream=""} |~ "^\\\\{\\"log\\":.*\\"stream\\":\\"(stdout|stderr)\\".*\\"time\\":"',
        // Docker keeps the line's end in the text.
        stages: [{ docker: {} }, { replace: { expression: '(\\n)$', replace: '' } }],
      },
    },
    {
      match: {
        selector: '{stream=""} |~ "^\\\\d{4}-\\\\d{2}-\\\\d{2}T\\\\S+ (stdout|stderr) [FP] "',
        stages: [{ cri: {} }],
      },
    },
    // Promtail's own label, the path on the node: it changes with each container restart and would split the streams.
    { labeldrop: ['filename'] },
  ];
}

/** Sends the lines of a tenant's namespaces in its name. */
function tenantStages(tenants: TenantNamespaces = {}) {
  return Object.entries(tenants).map(([tenant, namespaces]) => ({
    match: { selector: `{namespace=~"${namespaces.join('|')}"}`, stages: [{ tenant: { value: tenant } }] },
  }));
}

/** Turns what the Kubernetes API says of a container into its labels and the path of its log files. */
function relabelConfigs(podLogsPath: string) {
  const pod = '__meta_kubernetes_pod';
  return [
    {
      source_labels: [`${pod}_controller_name`],
      regex: CONTROLLER_NAME,
      target_label: '__tmp_controller_name',
    },
    // The first of these that is not empty names the app. The joined values are separated by `;`.
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
    // The folder of a static pod (the control plane) is named after the hash of its file, not after its uid.
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
