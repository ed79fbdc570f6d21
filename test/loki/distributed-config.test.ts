import { stringify } from 'yaml';
import { lokiConfig } from '../../lib/loki/config';
import { distributedLokiConfig } from '../../lib/loki/distributed-config';

const SHARED = {
  alertmanagerUrl: 'http://alertmanager-0:9093,http://alertmanager-1:9093',
  grafanaUrl: 'http://localhost:3000',
  datasourceUid: 'loki',
  retention: '168h',
  evaluationInterval: '15s',
  dataPath: '/loki',
  rulesPath: '/etc/loki/rules',
  httpPort: 3100,
} as const;

const config = distributedLokiConfig({
  ...SHARED,
  objectStorage: {
    endpoint: 'http://minio.minio.svc:9000',
    region: 'us-east-1',
    bucket: 'logs',
    credentialsSecret: 'a',
  },
  replicationFactor: 3,
  ingesterMemoryLimit: 2 * 2 ** 30,
  grpcPort: 9095,
  gossipPort: 7946,
  ringName: 'loki.logging',
  addresses: { gossip: 'gossip:7946', compactor: 'compactor:9095', queryScheduler: 's:9095', indexGateway: 'i:9095' },
});

test('config.yaml', () => {
  expect(stringify(config)).toMatchSnapshot();
});

test('has the same limits, retention and evaluation interval as a single Loki', () => {
  const single = lokiConfig({ ...SHARED, memoryLimit: 2 ** 30 });

  expect(config.limits_config).toEqual(single.limits_config);
  expect(config.ruler).toEqual({ ...single.ruler, enable_sharding: true });
  expect(config.compactor).toEqual({ ...single.compactor, delete_request_store: 's3' });
  expect(config.schema_config.configs[0]).toEqual({ ...single.schema_config.configs[0], object_store: 's3' });
});

test('contains no credentials', () => {
  expect(stringify(config)).not.toMatch(/access_key|secret/);
});

test('has no fields that Loki 3.7 deprecates or 4.0 ignores', () => {
  expect(config.ruler).not.toHaveProperty('storage');
  expect(config.common).not.toHaveProperty('storage');
  expect(config.storage_config).not.toHaveProperty('aws');
  expect(config.index_gateway).not.toHaveProperty('ring');
});
