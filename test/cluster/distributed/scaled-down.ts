import type { DistributedLokiOptions } from '../../../lib/loki/system';
import { LOKI_TARGETS } from '../../../lib/loki/targets';

/** Enough for a flood of 120 lines/s: each target takes some 100 MiB then, and next to no CPU. */
const LITTLE = { cpu: '25m', memory: '160Mi' };

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
  resources: {
    ...Object.fromEntries(Object.keys(LOKI_TARGETS).map((target) => [target, LITTLE])),
    ingester: { cpu: '50m', memory: '256Mi' },
    querier: { cpu: '50m', memory: '256Mi' },
  },
  storage: '1Gi',
};
