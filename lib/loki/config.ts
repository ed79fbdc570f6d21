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
  /** Memory limit, bytes. */
  readonly memoryLimit: number;
}

/**
 * Returns the configuration of Loki 3.7 as one process with all targets and data on a file system. It has no fields
 * that 3.7 deprecates or 4.0 ignores: `common.storage` suffices for the ruler.
 * @see https://grafana.com/docs/loki/v3.7.x/configure/
 */
export function lokiConfig(props: LokiConfigProps) {
  const { dataPath } = props;
  const cache = { enabled: true, max_size_mb: embeddedCacheMb(props.memoryLimit) };
  return {
    ...tenantsConfig(props.runtimeConfigFile),
    server: serverConfig(props.httpPort),
    common: {
      // Targets connect over loopback: after a restart, the ring has no stale pod address.
      instance_addr: '127.0.0.1',
      path_prefix: dataPath,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: { filesystem: { chunks_directory: `${dataPath}/chunks`, rules_directory: props.rulesPath } },
    },
    // Both only wait for other instances, of which there are none: ready in 0.4 s instead of 15 s.
    ingester: {
      lifecycler: { min_ready_duration: '0s' },
      wal: walConfig(dataPath, replayMemoryCeiling(props.memoryLimit)),
    },
    // Enabled by default, but with 100 MB regardless of the memory limit.
    chunk_store_config: {
      chunk_cache_config: { embedded_cache: cache },
    },
    query_scheduler: { use_scheduler_ring: false },
    query_range: {
      cache_results: true,
      results_cache: {
        // After an outage, collectors send lines late, which are missing in earlier results.
        cache: { embedded_cache: { ...cache, ttl: '10m' } },
      },
    },
    schema_config: schemaConfig('filesystem'),
    limits_config: limitsConfig(props),
    compactor: compactorConfig(dataPath, 'filesystem'),
    ruler: rulerConfig(props),
    analytics: { reporting_enabled: false },
  };
}
