import type { Component } from '../kubernetes/component';
import { componentSelector } from '../kubernetes/labels';
import type { ComponentGroup, Flow } from '../kubernetes/network-policies';
import type { CacheName } from './cache';
import { type ObjectStorage, objectStoragePorts } from './object-storage';
import { INGESTERS, LOG_STORE } from './target';
import { LOKI_TARGETS, type LokiTargetName } from './targets';

/** The components of a distributed Loki; there is one of ingesters per zone. */
export interface DistributedComponents {
  readonly targets: Readonly<Record<LokiTargetName, readonly Component[]>>;
  readonly gateway: Component;
  readonly caches: Readonly<Partial<Record<CacheName, Component>>>;
}

/** gRPC connections from a target to others. */
const GRPC: Readonly<Partial<Record<LokiTargetName, readonly LokiTargetName[]>>> = {
  distributor: ['ingester'],
  'query-frontend': ['query-scheduler', 'compactor'],
  // The scheduler notifies the frontend if a querier is lost with its query.
  'query-scheduler': ['query-frontend'],
  // Queriers fetch queries from the scheduler and send the results to the frontend.
  querier: ['query-scheduler', 'query-frontend', 'ingester', 'index-gateway', 'compactor'],
  // For a request of rules, a ruler queries the other rulers.
  ruler: ['ruler', 'ingester', 'index-gateway', 'compactor'],
};

/** Ingesters write chunks to the cache; index gateways connect to it without reading chunks. */
const CACHE_USERS: Readonly<Record<CacheName, readonly LokiTargetName[]>> = {
  chunks: ['ingester', 'querier', 'ruler', 'index-gateway'],
  results: ['query-frontend'],
};

/** Returns all connections between targets, to caches and to object storage. */
export function distributedFlows(
  { targets, gateway, caches }: DistributedComponents,
  namespace: string,
  objectStorage: ObjectStorage,
): Flow[] {
  const names = Object.keys(LOKI_TARGETS) as LokiTargetName[];
  const everyTarget: ComponentGroup = {
    namespace,
    selector: componentSelector(LOG_STORE),
    members: names.flatMap((name) => targets[name]),
  };
  const ingesters: ComponentGroup = { namespace, selector: INGESTERS, members: targets.ingester };
  const bucket = { ports: objectStoragePorts(objectStorage) };
  const between = (from: readonly Component[], to: readonly (Component | ComponentGroup)[], port: string): Flow[] =>
    from.flatMap((one) => to.map((other) => ({ from: one, to: other, port })));
  return [
    { from: everyTarget, to: everyTarget, port: 'gossip' },
    ...names.flatMap((from) =>
      (GRPC[from] ?? []).flatMap((to) => between(targets[from], to === 'ingester' ? [ingesters] : targets[to], 'grpc')),
    ),
    ...(['query-frontend', 'querier', 'ruler'] as const).flatMap((to) => between([gateway], targets[to], 'http')),
    ...(Object.keys(CACHE_USERS) as CacheName[]).flatMap((name) => {
      const cache = caches[name];
      return cache ? CACHE_USERS[name].flatMap((from) => between(targets[from], [cache], 'memcached')) : [];
    }),
    ...names
      .filter((name) => LOKI_TARGETS[name].objectStorage)
      .flatMap((name) => targets[name].map((from) => ({ from, to: bucket }))),
  ];
}
