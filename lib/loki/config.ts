import type { Duration } from '../rules/model';

/** Tenant of a Loki without `auth_enabled`: the ruler reads rules from the folder of this name. */
export const TENANT = 'fake';

export interface LokiConfigProps {
  /** Base URL of the Alertmanager. */
  readonly alertmanagerUrl: string;
  /** Base URL of Grafana as people open it: an alert's link becomes `<grafanaUrl>/explore?…`. */
  readonly grafanaUrl: string;
  /** Grafana's uid of the Loki datasource, which that link names. */
  readonly datasourceUid: string;
  /** How long logs are kept. */
  readonly retention: Duration;
  /** How often rules are evaluated that name no interval of their own. */
  readonly evaluationInterval: Duration;
  /** Folder below which Loki writes everything. */
  readonly dataPath: string;
  /** Folder that holds one folder of rule files a tenant. */
  readonly rulesPath: string;
  /** TCP port of the HTTP API. */
  readonly httpPort: number;
}

/**
 * Loki 3.7 as one process with everything in it, data on a file system. Free of fields that 3.7 deprecates or 4.0
 * ignores: the ruler finds its rules by `common.storage` alone.
 * @see https://grafana.com/docs/loki/v3.7.x/configure/
 */
export function lokiConfig(props: LokiConfigProps) {
  return {
    auth_enabled: false,
    server: {
      http_listen_port: props.httpPort,
      // Loki logs every request at info, and the collector would send those lines to Loki again.
      log_level: 'warn',
    },
    common: {
      // Loki's own parts talk over loopback: no pod address in the ring that a restart would leave behind.
      instance_addr: '127.0.0.1',
      path_prefix: props.dataPath,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: { filesystem: { chunks_directory: `${props.dataPath}/chunks`, rules_directory: props.rulesPath } },
    },
    // Both only wait for other instances, and there are none: ready in 0.4 s instead of 15 s.
    ingester: {
      lifecycler: { min_ready_duration: '0s' },
      wal: {
        enabled: true,
        dir: `${props.dataPath}/wal`,
        // Past it a replay writes to disk instead of keeping all in memory; the default, 4 GB, is more than the pod has.
        replay_memory_ceiling: '600MB',
      },
    },
    query_scheduler: { use_scheduler_ring: false },
    schema_config: {
      configs: [
        {
          // Any day before the first log line; Loki asks for one.
          from: '2024-04-01',
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    limits_config: {
      retention_period: props.retention,
      // A stream's labels are exactly those that the collector sets, so that a rule's labels can be checked.
      discover_service_name: [],
      // A flood in one pod is what this stack is there to see: Loki's 3 MB/s a stream would drop parts of it.
      per_stream_rate_limit: '20MB',
      per_stream_rate_limit_burst: '40MB',
      ingestion_rate_mb: 20,
      ingestion_burst_size_mb: 40,
      volume_enabled: true,
    },
    compactor: {
      working_directory: `${props.dataPath}/compactor`,
      retention_enabled: true,
      // Retention refuses to start without saying where delete requests are kept.
      delete_request_store: 'filesystem',
    },
    ruler: {
      alertmanager_url: props.alertmanagerUrl,
      // Grafana's, not Loki's: Loki appends Explore's path to it.
      external_url: props.grafanaUrl,
      datasource_uid: props.datasourceUid,
      evaluation_interval: props.evaluationInterval,
      // Loki has no other way to see a changed rule file; the kubelet's own delay, 60 to 90 s, comes on top.
      poll_interval: '15s',
      enable_api: true,
      // The default is relative to the working directory, which is read-only.
      wal: { dir: `${props.dataPath}/ruler-wal` },
    },
    analytics: { reporting_enabled: false },
  };
}
