import type { DistributedLokiOptions } from '../../../lib/loki/props';
import type { PodsOptions } from '../../../lib/stack/pods';

/** Enough for a flood of 120 lines/s: each target takes some 100 MiB then, and next to no CPU. */
const LITTLE = { resources: { cpu: '25m', memory: '160Mi' } };

/** Queries and chunks in memory take some more. */
const MORE = { resources: { cpu: '50m', memory: '256Mi' } };

/** One of each on one node: with more ingesters, the second would wait for a second node. */
export const scaledDown: DistributedLokiOptions = {
  objectStorage: {
    endpoint: 'http://minio.minio.svc:9000',
    region: 'us-east-1',
    bucket: 'loki',
    credentialsSecret: 'loki-object-storage',
  },
  replicas: {
    distributor: 1,
    ingester: 1,
    'query-frontend': 1,
    'query-scheduler': 1,
    querier: 1,
    'index-gateway': 1,
    ruler: 1,
  },
  replicationFactor: 1,
  storage: '1Gi',
};

/** CPU and memory of its targets. */
export const scaledDownPods: PodsOptions = {
  'loki-distributor': LITTLE,
  'loki-ingester': MORE,
  'loki-query-frontend': LITTLE,
  'loki-query-scheduler': LITTLE,
  'loki-querier': MORE,
  'loki-index-gateway': LITTLE,
  'loki-compactor': LITTLE,
  'loki-ruler': LITTLE,
};
