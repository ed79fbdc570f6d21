import { stringify } from 'yaml';
import { type LokiConfigProps, lokiConfig } from '../../lib/loki/config';

const PROPS: LokiConfigProps = {
  alertmanagerUrl: 'http://alertmanager:9093',
  grafanaUrl: 'http://localhost:3000',
  datasourceUid: 'loki',
  retention: '168h',
  evaluationInterval: '15s',
  dataPath: '/loki',
  rulesPath: '/etc/loki/rules',
  httpPort: 3100,
  memoryLimit: 2 ** 30,
};

const config = lokiConfig(PROPS);

test('config.yaml', () => {
  expect(stringify(config)).toMatchSnapshot();
});

test('sets limits from options, and keeps the defaults of others', () => {
  const { limits_config } = lokiConfig({ ...PROPS, limits: { ingestion_rate_mb: 100, query_timeout: '5m' } });
  expect(limits_config).toEqual({ ...config.limits_config, ingestion_rate_mb: 100, query_timeout: '5m' });
  expect(lokiConfig({ ...PROPS, limits: { ingestion_rate_mb: undefined } })).toEqual(config);
  expect(lokiConfig({ ...PROPS, limits: { ingestion_rate_mb: undefined } }).limits_config.ingestion_rate_mb).toBe(20);
});

test('only writes to the data directory, which does not contain the rules', () => {
  const paths = JSON.stringify(config).match(/"\/[^"]*"/g) ?? [];

  expect(paths.filter((path) => !path.startsWith('"/loki'))).toEqual(['"/etc/loki/rules"']);
});

test('has no fields that Loki 3.7 deprecates or 4.0 ignores', () => {
  expect(config.ruler).not.toHaveProperty('storage');
  expect(config.ruler).not.toHaveProperty('rule_path');
  expect(config).not.toHaveProperty('table_manager');
  expect(config).not.toHaveProperty('storage_config');
  expect(config.schema_config.configs).toEqual([expect.objectContaining({ store: 'tsdb', schema: 'v13' })]);
});

test('sets the store of delete requests, which retention requires', () => {
  expect(config.compactor).toMatchObject({ retention_enabled: true, delete_request_store: 'filesystem' });
});
