import {
  compactorConfig,
  limitsConfig,
  rulerConfig,
  type SharedLokiConfigProps,
  schemaConfig,
  serverConfig,
  tenantsConfig,
  walConfig,
} from './shared-config';

/**
 * Loki 3.7 as one process with everything in it, data on a file system. Free of fields that 3.7 deprecates or 4.0
 * ignores: the ruler finds its rules by `common.storage` alone.
 * @see https://grafana.com/docs/loki/v3.7.x/configure/
 */
export function lokiConfig(props: SharedLokiConfigProps) {
  const { dataPath } = props;
  return {
    ...tenantsConfig(props.runtimeConfigFile),
    server: serverConfig(props.httpPort),
    common: {
      // Loki's own parts talk over loopback: no pod address in the ring that a restart would leave behind.
      instance_addr: '127.0.0.1',
      path_prefix: dataPath,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: { filesystem: { chunks_directory: `${dataPath}/chunks`, rules_directory: props.rulesPath } },
    },
    // Both only wait for other instances, and there are none: ready in 0.4 s instead of 15 s.
    ingester: {
      lifecycler: { min_ready_duration: '0s' },
      // The default ceiling is more than the pod has.
      wal: walConfig(dataPath, '600MB'),
    },
    query_scheduler: { use_scheduler_ring: false },
    query_range: {
      cache_results: true,
      results_cache: { cache: { embedded_cache: RESULTS_CACHE } },
    },
    schema_config: schemaConfig('filesystem'),
    limits_config: limitsConfig(props.retention, props.limits),
    compactor: compactorConfig(dataPath, 'filesystem'),
    ruler: rulerConfig(props),
    analytics: { reporting_enabled: false },
  };
}

/** Answers of dashboards that are looked at again, kept in the process: the size that Loki gives its cache of chunks. */
const RESULTS_CACHE = {
  enabled: true,
  max_size_mb: 100,
  // Lines that a collector kept during an outage come late, and an answer from before is without them.
  ttl: '10m',
};
