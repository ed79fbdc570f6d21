import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { resolveRoute } from '../../lib';
import { readAlertmanagerConfig } from '../../lib/alertmanager/read';
import { withoutCredentials } from '../../lib/migrate/alertmanager';
import { type Migration, migrate } from '../../lib/migrate/migrate';
import { join as joinFound, readForeign } from '../../lib/migrate/read';
import { listYaml, sourceText } from '../../lib/rules/read';
import { find } from '../manifests/kubernetes';
import { objects, readFolder } from '../manifests/synth';

const ROOT = resolve(__dirname, '../..');
const FIXTURES = join(__dirname, 'fixtures');

function read(fixture: string): Migration {
  const files = listYaml(join(FIXTURES, fixture));
  return migrate(joinFound(files.map((file) => readForeign(sourceText(file, readFileSync(file, 'utf8'))))));
}

const messages = ({ findings }: Migration) =>
  findings.map(({ severity, id, message }) => `${severity} ${id}: ${message}`);

test('docker-compose: rules, routes and settings are found; labels of the Docker driver must be corrected', () => {
  const migration = read('docker-compose');

  expect(migration.rules.map(({ name }) => name)).toEqual(['rules.yaml']);
  expect(migration.settings).toEqual({ retention: '336h', evaluationInterval: '30s' });
  expect(migration.credentials).toEqual([{ key: 'slack_api_url', path: 'global.slack_api_url' }]);
  expect(messages(migration)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^error migrate-label: selects nothing: .* never 'dockerlogs'; write \{namespace=/),
      expect.stringMatching(/^error migrate-label: groups by 'compose_service', which the collector does not set/),
    ]),
  );
  expect(migration.left).toHaveLength(4);
});

test("loki-stack: the chart's values hold rules and settings; severities of one's own are kept", () => {
  const migration = read('loki-stack');

  expect(migration.rules.map(({ name, groups }) => [name, groups.map((group) => group.name)])).toEqual([
    ['loki-stack.yaml', ['shop']],
  ]);
  expect(migration).toMatchObject({
    settings: { retention: '720h', evaluationInterval: '1m' },
    severities: ['info', 'warning', 'critical', 'page'],
    findings: [],
  });
  expect(migration.left).toEqual([expect.stringContaining('promtail'), expect.stringContaining('grafana')]);
});

test('kube-prometheus: routes, templates and credentials come out of the encoded Secret', () => {
  const migration = read('kube-prometheus');

  expect(migration.alertmanager?.inhibit_rules).toEqual([
    {
      source_matchers: ['severity="critical"'],
      target_matchers: ['severity=~"warning|info"'],
      equal: ['namespace', 'alertname'],
    },
  ]);
  expect(migration.templates.map(({ file }) => file)).toEqual(['ops.tmpl']);
  expect(migration.credentials.map(({ key }) => key)).toEqual([
    'smtp_auth_password',
    'pager-pagerduty_configs-0-routing_key',
  ]);
  expect(JSON.stringify(migration)).not.toContain('geheim');
  expect(migration.left).toEqual([expect.stringContaining('AlertmanagerConfig shop/shop')]);
});

test('alerts go to the same receivers as before', () => {
  const text = readFileSync(join(FIXTURES, 'docker-compose/config/alertmanager.yml'), 'utf8');
  const { config: before } = readAlertmanagerConfig(text, 'alertmanager.yml');
  if (!before) throw new Error('the fixture is no alertmanager.yml');
  const { config: after } = withoutCredentials(before);
  const labels = fc.record(
    {
      severity: fc.constantFrom('warning', 'critical', 'warnings'),
      team: fc.constantFrom('devops', 'the devops team', 'dev'),
    },
    { requiredKeys: [] },
  );

  fc.assert(fc.property(labels, (set) => expect(resolveRoute(after, set)).toEqual(resolveRoute(before, set))));
});

describe('loki-alerts migrate', () => {
  jest.setTimeout(60_000);
  const folder = mkdtempSync(join(ROOT, '.dist-migrate-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['bin/loki-alerts.js', 'migrate', ...args], { encoding: 'utf8', cwd: ROOT });
  const synth = (app: string) =>
    spawnSync(process.execPath, ['scripts/run.js', join(app, 'main.ts')], {
      encoding: 'utf8',
      cwd: ROOT,
      env: { ...process.env, CDK8S_OUTDIR: join(app, 'dist') },
    });

  test.each(['loki-stack', 'kube-prometheus'])('%s becomes an app that synthesizes', (fixture) => {
    const out = join(folder, fixture);
    const { status, stdout, stderr } = run(join(FIXTURES, fixture), '--out', out);

    expect([status, stderr]).toEqual([0, '']);
    expect(stdout + readdirSync(out).map((file) => file)).not.toContain('geheim');
    expect(synth(out)).toMatchObject({ status: 0 });
    const written = JSON.stringify(readFolder(join(out, 'dist')));
    expect(written).not.toContain('geheim');
    expect(find(objects(readFolder(join(out, 'dist'))), 'StatefulSet', 'loki')).toBeDefined();
  });

  test('docker-compose is moved, with an exit code that says that something must be corrected', () => {
    const out = join(folder, 'docker');
    const { status, stdout } = run(join(FIXTURES, 'docker-compose'), '--out', out, '--json');

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      files: ['MOVING.md', 'alertmanager.yml', 'cdk8s.yaml', 'main.ts', 'rules/rules.yaml'],
      credentials: [{ key: 'slack_api_url', path: 'global.slack_api_url' }],
    });
    expect(readFileSync(join(out, 'MOVING.md'), 'utf8')).toContain('--from-literal=slack_api_url=…');
    expect(readFileSync(join(out, 'alertmanager.yml'), 'utf8')).toContain(
      'slack_api_url_file: /etc/alertmanager/secrets/alertmanager-credentials/slack_api_url',
    );
  });

  test.each<[string, string[], RegExp]>([
    ['a folder that is there', [FIXTURES, '--out', 'docs'], /docs is there already/],
    ['nothing to read', ['no-such-file.yaml'], /no such file or folder: no-such-file.yaml/],
    ['nothing to take', ['docs', '--out', join(folder, 'nothing')], /neither rules nor an alertmanager.yml in docs/],
    ['a folder elsewhere', [FIXTURES, '--out', '/tmp/elsewhere'], /is outside of this project/],
  ])('refuses %s, and writes nothing', (_, args, message) => {
    expect(run(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  });
});
