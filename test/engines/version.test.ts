import { parseVersion } from '../../lib/engines/version';
import { isOlder } from '../../lib/versions/version';

test.each([
  ['loki', 'loki, version 3.7.8 (branch: HEAD, revision: 1)', '3.7.8'],
  ['loki', 'loki, version  (branch: , revision: unknown)', 'unknown'],
  ['promtool', 'promtool, version 2.42.0+ds (branch: debian/sid, revision: 2.42.0+ds-5+b5)', '2.42.0+ds'],
  ['alertmanager', 'alertmanager, version v0.34.1 (branch: x)', '0.34.1'],
  ['minio', 'minio version RELEASE.2025-09-07T16-13-09Z (commit-id=1)', 'RELEASE.2025-09-07T16-13-09Z'],
  ['otelcol', 'otelcol version 0.160.0', '0.160.0'],
  ['otelcol', 'otelcol-k8s version 0.160.0', '0.160.0'],
  ['alertmanager', 'amtool, version 0.34.1 (branch: x)', undefined],
] as const)('%s: %s', (name, text, version) => {
  expect(parseVersion(name, text)).toBe(version);
});

test.each([
  ['3.7.8', '3.7.0', false],
  ['3.7.0', '3.7.0', false],
  ['3.6.15', '3.7.0', true],
  ['0.9.0', '0.28.0', true],
  ['10.0.0', '9.9.9', false],
  ['2.53.3+ds1', '3.0.0', true],
  ['RELEASE.2022-10-24T18-35-07Z', 'RELEASE.2023-01-02T09-40-09Z', true],
  ['unknown', '3.0.0', false],
])('%s is older than %s: %s', (version, than, older) => {
  expect(isOlder(version, than)).toBe(older);
});
