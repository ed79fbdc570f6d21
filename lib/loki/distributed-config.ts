import type { CacheName } from './cache';
import { replayMemoryCeiling } from './memory';
import { type ObjectStorage, s3Config } from './object-storage';
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

export interface DistributedLokiConfigProps extends SharedLokiConfigProps {
  readonly objectStorage: ObjectStorage;
  /** Number of ingesters that store each log line; a majority of them must acknowledge it. */
  readonly replicationFactor: number;
  /** Memory limit of an ingester, bytes. */
  readonly ingesterMemoryLimit: number;
  readonly grpcPort: number;
  readonly gossipPort: number;
  /** Name of the ring, unique in the cluster: Loki drops gossip of other names. */
  readonly ringName: string;
  /** Addresses of the targets, `host:port`. */
  readonly addresses: {
    /** Headless Service of all targets, for gossip. */
    readonly gossip: string;
    readonly compactor: string;
    /** Headless Service of the query schedulers: every frontend and querier connects to all of them. */
    readonly queryScheduler: string;
    /** Headless Service of the index gateways. */
    readonly indexGateway: string;
  };
  /** Addresses of memcached. @default none: each process has its own cache of 100 MB */
  readonly caches?: Readonly<Partial<Record<CacheName, string>>>;
  /** True if the copies of a line go to ingesters in different zones. @default false */
  readonly zones?: boolean;
}

/**
 * Returns the configuration of Loki 3.7 as microservices, the same for all targets. Chunks and index are in object
 * storage, via the client that 4.0 keeps; rules are in files. It has no fields that 3.7 deprecates.
 *
 * `-config.expand-env` replaces `${POD_IP}`: the lookup of a network interface by name would depend on the network of
 * the cluster.
 * @see https://grafana.com/docs/loki/v3.7.x/get-started/deployment-modes/#microservices-mode
 */
export function distributedLokiConfig(props: DistributedLokiConfigProps) {
  const { addresses, dataPath } = props;
  return {
    ...tenantsConfig(props.runtimeConfigFile),
    server: {
      ...serverConfig(props.httpPort),
      grpc_listen_port: props.grpcPort,
    },
    common: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Loki replaces it.
      instance_addr: '${POD_IP}',
      path_prefix: dataPath,
      // Otherwise a restarted ingester gets other streams than before, which also changes those of all others.
      persist_tokens: true,
      replication_factor: props.replicationFactor,
      compactor_grpc_address: addresses.compactor,
      // Required: with `memberlist` alone, the ring still looks for Consul.
      ring: { kvstore: { store: 'memberlist' } },
    },
    memberlist: {
      bind_port: props.gossipPort,
      join_members: [`dns+${addresses.gossip}`],
      // Another Loki's pod may get the address of a deleted pod; without a label, both rings would merge.
      cluster_label: props.ringName,
    },
    ingester: {
      // At a shutdown, data in memory stays in the write-ahead log on the disk. A flush to object storage would create
      // many small chunks and slow down every restart.
      wal: walConfig(dataPath, replayMemoryCeiling(props.ingesterMemoryLimit)),
      ...(props.zones ? ZONE_AWARE : {}),
    },
    frontend: { scheduler_address: addresses.queryScheduler },
    frontend_worker: { scheduler_address: addresses.queryScheduler },
    index_gateway: { mode: 'simple' },
    storage_config: {
      use_thanos_objstore: true,
      object_store: { s3: s3Config(props.objectStorage) },
      tsdb_shipper: { index_gateway_client: { server_address: `dns+${addresses.indexGateway}` } },
    },
    schema_config: schemaConfig('s3'),
    limits_config: limitsConfig(props),
    compactor: compactorConfig(dataPath, 's3'),
    ruler: {
      ...rulerConfig(props),
      // Each group belongs to one ruler; if a ruler is gone for a minute, the others take over its groups.
      enable_sharding: true,
    },
    ruler_storage: { backend: 'local', local: { directory: props.rulesPath } },
    ...cachesConfig(props.caches),
    analytics: { reporting_enabled: false },
  };
}

/**
 * Puts each copy of a line in a different zone. Only ingesters have `ZONE` in their environment; elsewhere it is empty.
 */
const ZONE_AWARE = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Loki replaces it.
  lifecycler: { availability_zone: '${ZONE}', ring: { zone_awareness_enabled: true } },
};

/**
 * Timeouts as in Loki's chart: object storage returns a chunk in about that time, while results exist in the cache
 * only.
 */
function cachesConfig({ chunks, results }: DistributedLokiConfigProps['caches'] = {}) {
  return {
    ...(chunks
      ? {
          chunk_store_config: {
            chunk_cache_config: {
              memcached: { batch_size: 4, parallelism: 5 },
              memcached_client: { addresses: chunks, consistent_hash: true, timeout: '2s' },
            },
          },
        }
      : {}),
    ...(results
      ? {
          query_range: {
            cache_results: true,
            results_cache: {
              cache: { memcached_client: { addresses: results, consistent_hash: true, timeout: '500ms' } },
            },
          },
        }
      : {}),
  };
}
