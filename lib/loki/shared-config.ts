import { CLUSTER_LABEL, collectorLabels } from '../collector/labels';
import { RULER_BASIC_AUTH } from '../kubernetes/basic-auth';
import type { Duration } from '../rules/model';
import type { LokiLimits } from './tenant-limits';
import { QUERY_TIMEOUT, RESPONSE_TIMEOUT } from './timeouts';

/** Props of Loki's configuration in all modes. */
export interface SharedLokiConfigProps {
  /** Base URL of the Alertmanager, or of several, separated by commas: each receives every alert. */
  readonly alertmanagerUrl: string;
  /** True if the Alertmanager requires basic auth, with credentials in the environment of the ruler. @default false */
  readonly alertmanagerAuth?: boolean;
  /** Base URL at which users open Grafana: links of alerts are `<grafanaUrl>/explore?…`. */
  readonly grafanaUrl: string;
  /** UID of the Loki datasource in Grafana, which is a part of the links. */
  readonly datasourceUid: string;
  /** Time that logs are kept. */
  readonly retention: Duration;
  /** Limits of tenants without their own. @default {} */
  readonly limits?: LokiLimits;
  /** Name of the cluster, for a label of every alert. @default none */
  readonly cluster?: string;
  /** True to cut lines of more than 256 kB, which Loki otherwise refuses. @default false */
  readonly cutLines?: boolean;
  /** Evaluation interval of groups without `interval`. */
  readonly evaluationInterval: Duration;
  /** Directory of all data. */
  readonly dataPath: string;
  /** Directory of rules, with one directory per tenant. */
  readonly rulesPath: string;
  /** File with the limits of tenants. @default none: one tenant, without a header in requests */
  readonly runtimeConfigFile?: string;
  /** TCP port of the HTTP API. */
  readonly httpPort: number;
}

/** Storage of chunks and index, as named in Loki's schema. */
export type ObjectStore = 'filesystem' | 's3';

/**
 * Maximum size of a gRPC message of Loki's servers, in bytes: the default of its clients. The servers' default of 4 MiB
 * is less than the 1,000 lines of 8 kB that Grafana requests.
 */
const MESSAGE_SIZE = 100 * 2 ** 20;

/** Returns `server`: ports, sizes and log level. */
export function serverConfig(httpPort: number) {
  return {
    http_listen_port: httpPort,
    // Loki's 30 s would cut connections of queries that take longer.
    http_server_read_timeout: RESPONSE_TIMEOUT,
    http_server_write_timeout: RESPONSE_TIMEOUT,
    // Needed in a single process too: its targets connect via gRPC over loopback.
    grpc_server_max_recv_msg_size: MESSAGE_SIZE,
    grpc_server_max_send_msg_size: MESSAGE_SIZE,
    // At level info, Loki logs every request, and the collector would send these lines to Loki.
    log_level: 'warn',
  };
}

/** Returns the settings of tenants: the header in requests, and the file with limits. */
export function tenantsConfig(runtimeConfigFile?: string) {
  if (runtimeConfigFile === undefined) return { auth_enabled: false };
  return {
    auth_enabled: true,
    runtime_config: { file: runtimeConfigFile },
    // For Grafana's datasource of all tenants, which sends them in one header: `a|b`.
    querier: { multi_tenant_queries_enabled: true },
  };
}

/** @param replayMemoryCeiling memory above which a replay flushes chunks; Loki's default is 4 GB */
export function walConfig(dataPath: string, replayMemoryCeiling: string) {
  return { enabled: true, dir: `${dataPath}/wal`, replay_memory_ceiling: replayMemoryCeiling };
}

export function schemaConfig(objectStore: ObjectStore) {
  return {
    configs: [
      {
        // Required; any day before the first log line.
        from: '2024-04-01',
        store: 'tsdb',
        object_store: objectStore,
        schema: 'v13',
        index: { prefix: 'index_', period: '24h' },
      },
    ],
  };
}

/**
 * Default ingestion limit of a tenant, MB/s: 200,000 lines of 100 bytes, about the maximum of one process
 * (`npm run bench`).
 */
export const DEFAULT_RATE_MB = 20;

/** Returns the burst for a rate, in MB: after an outage, a collector sends its buffered lines. */
export function burstMb(rateMb: number): number {
  return 2 * rateMb;
}

/**
 * Maximum number of series of a query, enough for one per app of a large cluster; the same as of lines. Loki's default
 * is 500.
 */
const MAX_SERIES = 5000;

export function limitsConfig({
  retention,
  limits = {},
  cluster,
  cutLines = false,
}: Pick<SharedLokiConfigProps, 'retention' | 'limits' | 'cluster' | 'cutLines'>) {
  return {
    retention_period: retention,
    // Streams only have the labels that the collector sets, so that labels in rules can be checked.
    discover_service_name: [],
    // The same for OTLP.
    otlp_config: {
      resource_attributes: {
        ignore_defaults: true,
        attributes_config: [{ action: 'index_label', attributes: [...collectorLabels(cluster)] }],
      },
    },
    // The stack must detect floods of one pod: Loki's default of 3 MB/s per stream would drop a part of them.
    per_stream_rate_limit: `${DEFAULT_RATE_MB}MB`,
    per_stream_rate_limit_burst: `${burstMb(DEFAULT_RATE_MB)}MB`,
    ingestion_rate_mb: DEFAULT_RATE_MB,
    ingestion_burst_size_mb: burstMb(DEFAULT_RATE_MB),
    // Disabled. Loki responds with 429 to a batch with one stream too many; a collector treats that as a rate limit and
    // retries the batch for an hour, which blocks all logs of its node. Only the collector sets labels, so that there
    // are at most two streams per container; the alert LokiTooManyStreams monitors their memory instead.
    max_global_streams_per_user: 0,
    max_query_series: MAX_SERIES,
    query_timeout: QUERY_TIMEOUT,
    // Above 1.5 MB/s, Loki would split a stream by a label __stream_shard__: a rule that does not aggregate would see
    // several small floods, and a line that a collector sends twice would count twice.
    shard_streams: { enabled: false },
    volume_enabled: true,
    ...(cutLines ? { max_line_size_truncate: true } : {}),
    // An undefined limit must not override a default above.
    ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)),
  };
}

export function compactorConfig(dataPath: string, objectStore: ObjectStore) {
  return {
    working_directory: `${dataPath}/compactor`,
    retention_enabled: true,
    // Required by retention.
    delete_request_store: objectStore,
  };
}

export function rulerConfig(props: SharedLokiConfigProps) {
  return {
    alertmanager_url: props.alertmanagerUrl,
    ...(props.alertmanagerAuth ? { alertmanager_client: RULER_BASIC_AUTH } : {}),
    // The URL of Grafana, not of Loki: Loki appends the path of Explore.
    external_url: props.grafanaUrl,
    datasource_uid: props.datasourceUid,
    ...(props.cluster === undefined ? {} : { external_labels: { [CLUSTER_LABEL]: props.cluster } }),
    evaluation_interval: props.evaluationInterval,
    // Interval of reading changed rule files, in addition to the kubelet's delay of 60 to 90 s.
    poll_interval: '15s',
    enable_api: true,
    // The default is relative to the working directory, which is read-only.
    wal: { dir: `${props.dataPath}/ruler-wal` },
  };
}
