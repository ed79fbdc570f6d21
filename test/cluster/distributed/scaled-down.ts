import type { DistributedLokiOptions } from '../../../lib/loki/props';
import type { PodsOptions } from '../../../lib/stack/pods';

/** Enough for a flood of 120 lines/s: each target uses about 100 MiB, and almost no CPU. */
const SMALL = { resources: { cpu: '25m', memory: '160Mi' } };

/** For targets with queries or chunks in memory. */
const MEDIUM = { resources: { cpu: '50m', memory: '256Mi' } };

/** One pod per target: a second ingester would need a second node. */
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

/** CPU and memory of the targets. */
export const scaledDownPods: PodsOptions = {
  'loki-distributor': SMALL,
  'loki-ingester': MEDIUM,
  'loki-query-frontend': SMALL,
  'loki-query-scheduler': SMALL,
  'loki-querier': MEDIUM,
  'loki-index-gateway': SMALL,
  'loki-compactor': SMALL,
  'loki-ruler': SMALL,
};
