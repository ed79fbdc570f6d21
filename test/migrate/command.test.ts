import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { find } from '../manifests/kubernetes';
import { objects, readFolder, runApp } from '../manifests/synth';
import { lokiAlerts } from '../support/cli';

const ROOT = resolve(__dirname, '../..');
const FIXTURES = join(__dirname, 'fixtures');

const folder = mkdtempSync(join(ROOT, '.dist-migrate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => lokiAlerts(['migrate', ...args], ROOT);

/** Runs an app in its folder, as cdk8s does. */
function synth(app: string): void {
  const before = process.cwd();
  process.chdir(app);
  try {
    runApp(join(app, 'main.ts'), join(app, 'dist'));
  } finally {
    process.chdir(before);
  }
}

const texts = (app: string) =>
  globSync('**/*', { cwd: app, dot: true, absolute: true })
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

/** Returns a file as the formatter would write it. */
function formatted(text: string): string {
  const biome = join(ROOT, 'node_modules/.bin/biome');
  const args = ['check', '--write', '--stdin-file-path=main.ts'];
  return spawnSync(biome, args, { encoding: 'utf8', cwd: ROOT, input: text }).stdout;
}

test.each(['loki-stack', 'kube-prometheus', 'operator'])('migrates %s to an app that synthesizes', async (fixture) => {
  const out = join(folder, fixture);
  const { status, stdout, stderr } = await run(join(FIXTURES, fixture), '--out', out);

  expect([status, stderr]).toEqual([0, '']);
  synth(out);
  expect(stdout + texts(out)).not.toMatch(/geheim/);
  expect(find(objects(readFolder(join(out, 'dist'))), 'StatefulSet', 'loki')).toBeDefined();
  const main = readFileSync(join(out, 'main.ts'), 'utf8');
  // The old stack may keep running in the cluster, with programs of the same names.
  expect(main).toContain("pipeline({ ...links, namespaces: ['logging', 'log-collector'] })");
  expect(texts(join(out, 'dist'))).toContain('namespace=~"logging|log-collector"');
  expect(formatted(main)).toBe(main);
});

test('lists exactly the Secrets and addresses that the app needs', () => {
  const moving = (fixture: string) => readFileSync(join(folder, fixture, 'MOVING.md'), 'utf8');

  for (const name of ['loki-stack', 'operator']) {
    expect(moving(name)).toContain('secret generic grafana-admin --from-literal=user=admin --from-literal=password=…');
    expect(moving(name)).toContain('https://grafana.example.com');
  }
  expect(moving('loki-stack')).toContain('secret generic slack-webhook --from-literal=url=');
  expect(moving('loki-stack')).toContain('- rules/loki-stack.yaml: 1 rule\n');
  const hidden = 'Credentials of your alertmanager.yml were not written';
  expect(moving('loki-stack')).not.toContain(hidden);
  expect(moving('kube-prometheus')).toContain(hidden);
  expect(moving('loki-stack')).not.toMatch(/alertmanager-credentials|`match`/);
  expect(moving('operator')).toMatch(/get secret slack -o json .* kubectl -n logging apply/);
  expect(moving('operator')).not.toContain('slack-webhook');
  expect(moving('kube-prometheus')).toContain('`match` and `match_re` are replaced by `matchers`');
});

test('exits with 1 if findings must be fixed, with places in the new app', async () => {
  const out = join(folder, 'docker');
  const { status, stdout } = await run(join(FIXTURES, 'docker-compose'), '--out', out, '--json');
  const { files, credentials, findings } = JSON.parse(stdout);

  expect(status).toBe(1);
  expect(files).toEqual(['MOVING.md', 'alertmanager.yml', 'cdk8s.yaml', 'main.ts', 'rules/rules.yaml']);
  expect(credentials).toEqual([{ key: 'slack_api_url', path: 'global.slack_api_url' }]);
  expect(new Set(findings.map(({ place }: { place: { file: string } }) => place.file))).toEqual(
    new Set([join(relative(ROOT, out), 'rules/rules.yaml'), join(relative(ROOT, out), 'alertmanager.yml')]),
  );
  expect(readFileSync(join(out, 'MOVING.md'), 'utf8')).toContain('--from-literal=slack_api_url=…');
  expect(readFileSync(join(out, 'alertmanager.yml'), 'utf8')).toContain(
    'slack_api_url_file: /etc/alertmanager/secrets/alertmanager-credentials/slack_api_url',
  );
});

test('writes no credentials, and the app does not synthesize until placeholders are replaced', async () => {
  const out = join(folder, 'secrets');
  const { status, stdout } = await run(join(FIXTURES, 'secrets'), '--out', out);

  expect(status).toBe(1);
  expect(stdout + texts(out)).not.toMatch(/geheim|ge@|@heim/);
  expect(stdout).toContain('alertmanager.yml:4:16: error: global.http_config.proxy_url: contained a credential');
  expect(() => synth(out)).toThrow('Validation failed');
});

test('writes an npm project to a folder without the library', async () => {
  const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'migrate-')));
  const out = join(elsewhere, "my Alerts' app");
  const { status, stdout } = await run(join(FIXTURES, 'operator'), '--out', out, '--package', '1.2.3');
  const { name, devDependencies } = JSON.parse(readFileSync(join(out, 'package.json'), 'utf8'));
  const files = globSync('**/*', { cwd: out, dot: true }).sort();
  rmSync(elsewhere, { recursive: true });

  expect(status).toBe(0);
  expect(stdout).toMatch(/^Next: cd '.*my Alerts'\\'' app' && npm install && npm run synth;/m);
  expect([name, devDependencies]).toEqual([
    'my-alerts-app',
    expect.objectContaining({ 'loki-alerts': '1.2.3', '@types/node': expect.anything() }),
  ]);
  expect(files).toEqual(expect.arrayContaining(['.gitignore', 'MOVING.md', 'README.md', 'main.ts', 'tsconfig.json']));
});

test('reads a folder with a loop of links, and files that cannot be read, once each', async () => {
  const old = realpathSync(mkdtempSync(join(tmpdir(), 'migrate-')));
  const aliases = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name, index, names) => {
    const item = index === 0 ? 'x' : `*${names[index - 1]}`;
    return `${name}: &${name} [${Array(10).fill(item).join(', ')}]\n`;
  });
  mkdirSync(join(old, 'rules'));
  symlinkSync('..', join(old, 'rules/up'));
  writeFileSync(join(old, 'aliases.yaml'), aliases.join(''));
  writeFileSync(join(old, 'binary.yaml'), Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]));
  cpSync(join(FIXTURES, 'docker-compose/rules/rules.yml'), join(old, 'rules/rules.yml'));
  const { stdout, stderr } = await run(old, '--out', join(folder, 'links'), '--format', 'json');
  rmSync(old, { recursive: true });
  const { files, left } = JSON.parse(stdout);

  expect(stderr).toBe('');
  expect(files).toContain('rules/rules.yaml');
  expect(left).toEqual([
    expect.stringMatching(/^(?!.*\/up\/).*aliases\.yaml: not read: aliases/),
    expect.stringMatching(/binary\.yaml: not read: /),
  ]);
});
