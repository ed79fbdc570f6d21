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
  /** On how many ingesters each log line lies before it is acknowledged by most of them. */
  readonly replicationFactor: number;
  /** Most memory that an ingester may use, bytes. */
  readonly ingesterMemoryLimit: number;
  readonly grpcPort: number;
  readonly gossipPort: number;
  /** What no other Loki of the cluster is called: gossip from one that is called otherwise is dropped. */
  readonly ringName: string;
  /** Where the targets find each other: `host:port`. */
  readonly addresses: {
    /** Every target, by gossip: a name with an address for each pod. */
    readonly gossip: string;
    readonly compactor: string;
    /** A name with an address for each scheduler: every frontend and querier talks to all of them. */
    readonly queryScheduler: string;
    /** A name with an address for each index gateway. */
    readonly indexGateway: string;
  };
  /** Where memcached answers, for caches that there are. @default none: each process caches 100 MB for itself */
  readonly caches?: Readonly<Partial<Record<CacheName, string>>>;
  /** Whether the copies of a line go to ingesters of different zones. @default to any ingesters */
  readonly zones?: boolean;
}

/**
 * Loki 3.7 as microservices: one configuration for all targets, each of which reads its part of it. Chunks and index
 * in object storage through the client that 4.0 keeps, rules from files. Free of fields that 3.7 deprecates.
 *
 * `${POD_IP}` is filled in by `-config.expand-env`: looking for a network interface of a known name would depend on the
 * cluster's network.
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
      // Otherwise an ingester that comes back takes other streams than before: new ones for every other too.
      persist_tokens: true,
      replication_factor: props.replicationFactor,
      compactor_grpc_address: addresses.compactor,
      // Said outright: `memberlist` alone does not keep the ring from looking for Consul.
      ring: { kvstore: { store: 'memberlist' } },
    },
    memberlist: {
      bind_port: props.gossipPort,
      join_members: [`dns+${addresses.gossip}`],
      // A pod's address may be that of another Loki's pod a minute later; without a name, their rings would become one.
      cluster_label: props.ringName,
    },
    ingester: {
      // What is in memory at a shutdown stays in the log on the disk that the pod comes back with; writing it all to
      // object storage first would make many small chunks, and every restart a slow one.
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
    limits_config: limitsConfig(props.retention, props.limits),
    compactor: compactorConfig(dataPath, 's3'),
    ruler: {
      ...rulerConfig(props),
      // Each group belongs to one ruler; when a ruler is gone for a minute, the others take its groups over.
      enable_sharding: true,
    },
    ruler_storage: { backend: 'local', local: { directory: props.rulesPath } },
    ...cachesConfig(props.caches),
    analytics: { reporting_enabled: false },
  };
}

/** Each copy of a line in another zone. Only ingesters have `ZONE` in their environment; for others it is empty. */
const ZONE_AWARE = {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Loki replaces it.
  lifecycler: { availability_zone: '${ZONE}', ring: { zone_awareness_enabled: true } },
};

/** Timeouts are those of Loki's chart: a chunk is fetched from object storage in about the time, an answer never. */
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
