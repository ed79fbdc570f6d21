export interface QuickLokiOptions {
  /** Folder below which Loki writes everything: `place.dir` of `startLoki`. */
  readonly dir: string;
  /** Whether each request names its tenant in `X-Scope-OrgID`. @default false, one tenant named `fake` */
  readonly multiTenant?: boolean;
  /** More of the ruler's section, which then finds its rules in `<dir>/rules/<tenant>/`. @default no rules are evaluated */
  readonly ruler?: object;
  /** Most series that a query may return. @default 500, as Loki's own */
  readonly maxQuerySeries?: number;
}

/**
 * A single-process Loki that is ready in 0.4 s and takes and finds log lines of any age: for tests, where time is what
 * a test says it is.
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
      // No other instance whose leaving would have to be awaited.
      lifecycler: { min_ready_duration: '0s' },
      // Nothing has to outlive the process.
      wal: { enabled: false },
      // Infinite: the ingester is asked for the whole past. Otherwise lines older than 2 h 41 min are not found until
      // they are flushed, and in a single process `querier.query_ingesters_within` changes nothing about that
      // (initQuerier in Loki's pkg/loki/modules.go).
      query_store_max_look_back_period: '-1ns',
    },
    // The querier would look for other schedulers every 10 s, and be ready only then.
    query_scheduler: { use_scheduler_ring: false },
    query_range: {
      // A cached answer would hide lines that were pushed since.
      cache_results: false,
      // The ruler does not shard what it evaluates either.
      parallelise_shardable_queries: false,
    },
    limits_config: {
      reject_old_samples: false,
      // Splitting would move the times of a range query to multiples of its step.
      split_queries_by_interval: '0s',
      // Test time may be in the future, too.
      creation_grace_period: '876000h',
      unordered_writes: true,
      max_query_series: options.maxQuerySeries ?? 500,
      max_query_length: '0s',
      // What protects a shared Loki from its users would only be in the way of a test.
      ingestion_rate_mb: 1000,
      ingestion_burst_size_mb: 1000,
      per_stream_rate_limit: '1GB',
      per_stream_rate_limit_burst: '1GB',
      max_global_streams_per_user: 0,
      // Labels are what the test pushed, and no more: none for parts of a stream, none from contents.
      shard_streams: { enabled: false },
      discover_service_name: [],
      discover_log_levels: false,
    },
    ruler: { enable_api: true, ...options.ruler },
    analytics: { reporting_enabled: false },
  };
}
