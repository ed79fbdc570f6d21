import { embeddedCacheMb, replayMemoryCeiling } from './memory';
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

export interface LokiConfigProps extends SharedLokiConfigProps {
  /** Most memory that it may use, bytes. */
  readonly memoryLimit: number;
}

/**
 * Loki 3.7 as one process with everything in it, data on a file system. Free of fields that 3.7 deprecates or 4.0
 * ignores: the ruler finds its rules by `common.storage` alone.
 * @see https://grafana.com/docs/loki/v3.7.x/configure/
 */
export function lokiConfig(props: LokiConfigProps) {
  const { dataPath } = props;
  const cache = { enabled: true, max_size_mb: embeddedCacheMb(props.memoryLimit) };
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
      wal: walConfig(dataPath, replayMemoryCeiling(props.memoryLimit)),
    },
    // On by itself, with 100 MB whatever the pod has.
    chunk_store_config: {
      chunk_cache_config: { embedded_cache: cache },
    },
    query_scheduler: { use_scheduler_ring: false },
    query_range: {
      cache_results: true,
      results_cache: {
        // Lines that a collector kept during an outage come late, and an answer from before is without them.
        cache: { embedded_cache: { ...cache, ttl: '10m' } },
      },
    },
    schema_config: schemaConfig('filesystem'),
    limits_config: limitsConfig(props.retention, props.limits),
    compactor: compactorConfig(dataPath, 'filesystem'),
    ruler: rulerConfig(props),
    analytics: { reporting_enabled: false },
  };
}
