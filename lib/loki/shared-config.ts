import { COLLECTOR_LABELS } from '../collector/labels';
import { RULER_BASIC_AUTH } from '../kubernetes/basic-auth';
import type { Duration } from '../rules/model';
import type { LokiLimits } from './tenant-limits';
import { LONGEST_ANSWER, QUERY_TIMEOUT } from './timeouts';

/** What a configuration of Loki needs to know in any mode. */
export interface SharedLokiConfigProps {
  /** Base URL of the Alertmanager; of several, separated by commas, each gets every alert. */
  readonly alertmanagerUrl: string;
  /** Whether it asks for a password; name and password are then in the ruler's environment. @default false */
  readonly alertmanagerAuth?: boolean;
  /** Base URL of Grafana as people open it: an alert's link becomes `<grafanaUrl>/explore?…`. */
  readonly grafanaUrl: string;
  /** Grafana's uid of the Loki datasource, which that link names. */
  readonly datasourceUid: string;
  /** How long logs are kept. */
  readonly retention: Duration;
  /** What else a tenant may use that has no limits of its own. @default {} */
  readonly limits?: LokiLimits;
  /** How often rules are evaluated that name no interval of their own. */
  readonly evaluationInterval: Duration;
  /** Folder below which Loki writes everything. */
  readonly dataPath: string;
  /** Folder that holds one folder of rule files a tenant. */
  readonly rulesPath: string;
  /** File with the limits of tenants. @default there is one tenant, and requests need not name it */
  readonly runtimeConfigFile?: string;
  /** TCP port of the HTTP API. */
  readonly httpPort: number;
}

/** Where chunks and index are kept, in the words of Loki's schema. */
export type ObjectStore = 'filesystem' | 's3';

/**
 * Largest message between Loki's targets, in bytes: what each of its gRPC clients sends and takes by default, so that
 * nothing smaller stands in the way. The servers' own default is 4 MiB, less than the 1,000 lines of 8 kB that Grafana
 * asks for.
 */
const MESSAGE_SIZE = 100 * 2 ** 20;

/** Ports, sizes, and what Loki logs of itself. */
export function serverConfig(httpPort: number) {
  return {
    http_listen_port: httpPort,
    // Loki's 30 s would cut connections of queries that take longer.
    http_server_read_timeout: LONGEST_ANSWER,
    http_server_write_timeout: LONGEST_ANSWER,
    // One process as well: its parts talk gRPC over loopback.
    grpc_server_max_recv_msg_size: MESSAGE_SIZE,
    grpc_server_max_send_msg_size: MESSAGE_SIZE,
    // Loki logs every request at info, and the collector would send those lines to Loki again.
    log_level: 'warn',
  };
}

/** Whether requests name their tenant, and what each may use. */
export function tenantsConfig(runtimeConfigFile?: string) {
  if (runtimeConfigFile === undefined) return { auth_enabled: false };
  return {
    auth_enabled: true,
    runtime_config: { file: runtimeConfigFile },
    // For Grafana's datasource of all tenants, which names them in one header: `a|b`.
    querier: { multi_tenant_queries_enabled: true },
  };
}

/** @param replayMemoryCeiling past it a replay writes to disk instead of keeping all in memory; Loki's default is 4 GB */
export function walConfig(dataPath: string, replayMemoryCeiling: string) {
  return { enabled: true, dir: `${dataPath}/wal`, replay_memory_ceiling: replayMemoryCeiling };
}

export function schemaConfig(objectStore: ObjectStore) {
  return {
    configs: [
      {
        // Any day before the first log line; Loki asks for one.
        from: '2024-04-01',
        store: 'tsdb',
        object_store: objectStore,
        schema: 'v13',
        index: { prefix: 'index_', period: '24h' },
      },
    ],
  };
}

/** Megabytes a second of a tenant: 200,000 lines of 100 bytes, about what one Loki process takes (`npm run bench`). */
export const DEFAULT_RATE_MB = 20;

/** Megabytes at once: a collector that was cut off sends what it kept. */
export function burstMb(rateMb: number): number {
  return 2 * rateMb;
}

/** Most series of a query, as many as it may return lines: one for each app of a large cluster. Loki's own is 500. */
const MAX_SERIES = 5000;

export function limitsConfig(retention: Duration, limits: LokiLimits = {}) {
  return {
    retention_period: retention,
    // A stream's labels are exactly those that the collector sets, so that a rule's labels can be checked.
    discover_service_name: [],
    // The same of what comes by OTLP.
    otlp_config: {
      resource_attributes: {
        ignore_defaults: true,
        attributes_config: [{ action: 'index_label', attributes: [...COLLECTOR_LABELS] }],
      },
    },
    // A flood in one pod is what this stack is there to see: Loki's 3 MB/s a stream would drop parts of it.
    per_stream_rate_limit: `${DEFAULT_RATE_MB}MB`,
    per_stream_rate_limit_burst: `${burstMb(DEFAULT_RATE_MB)}MB`,
    ingestion_rate_mb: DEFAULT_RATE_MB,
    ingestion_burst_size_mb: burstMb(DEFAULT_RATE_MB),
    // Off. Loki answers 429 to a batch with one stream too many; a collector takes that for a rate, and sends the same
    // batch again for an hour while the rest of its node waits. Labels are the collector's alone, so that there are two
    // streams for each container at most; the alert LokiTooManyStreams watches their memory instead.
    max_global_streams_per_user: 0,
    max_query_series: MAX_SERIES,
    query_timeout: QUERY_TIMEOUT,
    // Above 1.5 MB/s Loki would make several streams of one, by a label __stream_shard__: a rule that does not aggregate
    // would see several small floods, and a line that a collector sends twice would be counted twice.
    shard_streams: { enabled: false },
    volume_enabled: true,
    // Who writes undefined leaves an option out; Loki's own default would take its place.
    ...Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)),
  };
}

export function compactorConfig(dataPath: string, objectStore: ObjectStore) {
  return {
    working_directory: `${dataPath}/compactor`,
    retention_enabled: true,
    // Retention refuses to start without saying where delete requests are kept.
    delete_request_store: objectStore,
  };
}

export function rulerConfig(props: SharedLokiConfigProps) {
  return {
    alertmanager_url: props.alertmanagerUrl,
    ...(props.alertmanagerAuth ? { alertmanager_client: RULER_BASIC_AUTH } : {}),
    // Grafana's, not Loki's: Loki appends Explore's path to it.
    external_url: props.grafanaUrl,
    datasource_uid: props.datasourceUid,
    evaluation_interval: props.evaluationInterval,
    // Loki has no other way to see a changed rule file; the kubelet's own delay, 60 to 90 s, comes on top.
    poll_interval: '15s',
    enable_api: true,
    // The default is relative to the working directory, which is read-only.
    wal: { dir: `${props.dataPath}/ruler-wal` },
  };
}
