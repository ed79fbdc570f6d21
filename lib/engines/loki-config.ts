export interface QuickLokiOptions {
  /** Folder under which Loki writes everything: `dir` of the address that `startLoki` passes. */
  readonly dir: string;
  /** Require a tenant in `X-Scope-OrgID`; otherwise there is one, named `fake`. @default false */
  readonly multiTenant?: boolean;
  /** Further settings of the ruler, for rules in `<dir>/rules/<tenant>/`. @default none, no rules are evaluated */
  readonly ruler?: object;
  /** Maximum number of series that a query may return. @default 500, Loki's own */
  readonly maxQuerySeries?: number;
}

/**
 * Returns the configuration of a single-process Loki that is ready in 0.4 s, and accepts and finds log lines of any
 * age: tests choose the time of their lines.
 * @see https://grafana.com/docs/loki/v3.7.x/configure/
 */
export function quickLokiConfig(options: QuickLokiOptions): object {
  const { dir } = options;
  return {
    auth_enabled: options.multiTenant ?? false,
    server: { log_level: 'warn' },
    common: {
      instance_addr: '127.0.0.1',
      path_prefix: dir,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: { filesystem: { chunks_directory: `${dir}/chunks`, rules_directory: `${dir}/rules` } },
    },
    schema_config: {
      configs: [
        {
          from: '1970-01-01',
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    ingester: {
      // There is no other instance to wait for.
      lifecycler: { min_ready_duration: '0s' },
      // No data has to outlive the process.
      wal: { enabled: false },
      // Unlimited: queries of any time range reach the ingester. Otherwise lines older than 2 h 41 min are not found
      // until they are flushed; in a single process `querier.query_ingesters_within` has no effect
      // (initQuerier in Loki's pkg/loki/modules.go).
      query_store_max_look_back_period: '-1ns',
    },
    // With the ring, the querier looks for schedulers every 10 s and is not ready before.
    query_scheduler: { use_scheduler_ring: false },
    query_range: {
      // A cached result would hide lines that were pushed since.
      cache_results: false,
      // The ruler does not shard queries either.
      parallelise_shardable_queries: false,
    },
    limits_config: {
      reject_old_samples: false,
      // Splitting would align a range query to multiples of its step.
      split_queries_by_interval: '0s',
      // Lines of a test may be in the future.
      creation_grace_period: '876000h',
      unordered_writes: true,
      max_query_series: options.maxQuerySeries ?? 500,
      max_query_length: '0s',
      // Limits that protect a shared Loki would only get in the way of a test.
      ingestion_rate_mb: 1000,
      ingestion_burst_size_mb: 1000,
      per_stream_rate_limit: '1GB',
      per_stream_rate_limit_burst: '1GB',
      max_global_streams_per_user: 0,
      // Only the labels that the test pushed: none for shards, none derived from content.
      shard_streams: { enabled: false },
      discover_service_name: [],
      discover_log_levels: false,
    },
    ruler: { enable_api: true, ...options.ruler },
    analytics: { reporting_enabled: false },
  };
}
