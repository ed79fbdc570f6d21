import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { lokiAlerts } from '../support/cli';

const ROOT = resolve(__dirname, '../..');

const RULES = (comparison: string) => `groups:
  - name: shop
    rules:
      - alert: Errors
        expr: sum by (app) (rate({namespace="shop"} |= "error" [5m])) ${comparison}
`;

/** An app of cdk8s without this library: one ConfigMap with a rule. */
const APP = (rules: string) => `
const { ApiObject, App, Chart } = require('cdk8s');
const app = new App();
const data = { 'shop.yaml': ${JSON.stringify(rules)} };
new ApiObject(new Chart(app, 'shop'), 'rules', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'rules' }, data });
app.synth();
`;

const CONFIG = 'language: typescript\napp: node app.js\noutput: dist\n';

let project: string;

beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'verify-')));
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
});
afterEach(() => rmSync(project, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
}

const verify = (...args: string[]) => lokiAlerts(['verify', '--no-tests', ...args], project);

/** Output of the app with this comparison, as committed. */
const dist = (comparison: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: rules
data:
  shop.yaml: |
${RULES(comparison).replace(/^/gm, '    ').trimEnd()}
`;

describe('loki-alerts verify', () => {
  test('accepts the manifests that the app writes, also with other line ends', async () => {
    write({ 'cdk8s.yaml': CONFIG, 'app.js': APP(RULES('> 1')), 'dist/shop.k8s.yaml': dist('> 1') });
    expect(await verify()).toEqual({ status: 0, stdout: 'no problems in 1 file with 1 rule\n', stderr: '' });
    write({ 'dist/shop.k8s.yaml': dist('> 1').replaceAll('\n', '\r\n') });
    expect(await verify()).toMatchObject({ status: 0 });
  });

  test('reports stale manifests of apps in any folder, and changes none', async () => {
    for (const folder of ['a', 'infra/prod']) {
      write({ [`${folder}/cdk8s.yaml`]: CONFIG, [`${folder}/app.js`]: APP(RULES('> 2')) });
      write({ [`${folder}/dist/shop.k8s.yaml`]: dist('> 1'), [`${folder}/dist/old/a.yaml`]: 'kind: Namespace\n' });
    }
    const { status, stdout } = await verify();
    expect(status).toBe(1);
    for (const folder of ['a', 'infra/prod']) {
      expect(stdout).toMatch(
        new RegExp(`^${folder}/dist/shop.k8s.yaml:11: error: .*cdk8s synth in ${folder}.* \\[dist-stale\\]$`, 'm'),
      );
      expect(stdout).toMatch(new RegExp(`^${folder}/dist/old/a.yaml: error: .* \\[dist-stale\\]$`, 'm'));
      expect(readFileSync(join(project, folder, 'dist/shop.k8s.yaml'), 'utf8')).toBe(dist('> 1'));
    }
  });

  test('finds the app above the current folder, and the one that is named', async () => {
    write({ 'app/cdk8s.yaml': CONFIG, 'app/app.js': APP(RULES('> 1')), 'app/rules/a.txt': '' });
    const { status, stdout } = await lokiAlerts(['verify', '--no-tests'], join(project, 'app/rules'));
    expect([status, stdout]).toEqual([
      1,
      expect.stringMatching(/^\.\.\/dist: error: does not exist.*\[dist-stale\]$/m),
    ]);
    expect(await verify('app')).toMatchObject({ status: 1 });
  });

  test('does not require manifests that git ignores', async () => {
    write({ 'cdk8s.yaml': CONFIG, 'app.js': APP(RULES('> 1')), '.gitignore': 'dist/\n' });
    mkdirSync(join(project, '.git/objects'), { recursive: true });
    mkdirSync(join(project, '.git/refs'));
    write({ '.git/HEAD': 'ref: refs/heads/main\n' });
    expect(await verify()).toMatchObject({ status: 0, stdout: 'no problems in 1 file with 1 rule\n' });
  });

  test('lints with the properties of the plugin in cdk8s.yaml', async () => {
    const files = { 'app.js': APP(RULES('> 1')), 'dist/shop.k8s.yaml': dist('> 1') };
    const plugin = (properties: string) =>
      `${CONFIG}validations: [{ package: loki-alerts, class: LokiAlerts, version: 0.1.0, properties: ${properties} }]\n`;
    write({ ...files, 'cdk8s.yaml': plugin('{ collectorLabels: [job] }') });
    const { status, stdout } = await verify();
    expect(status).toBe(0);
    expect(stdout).toContain('[selector-label-unknown]');
    write({ 'cdk8s.yaml': plugin('{ collectorLabels: [job], strict: true }') });
    expect((await verify()).status).toBe(1);
  });

  test.each([
    ['app: 3\n', "field 'app' is missing"],
    ['[', 'invalid YAML'],
    ['app: node app.js\noutput: [a]\n', "field 'output'"],
    ['app: exit 3\n', 'exit 3 ended with exit code 3'],
    ["app: echo 'the reason' >&2; exit 1\n", 'the app failed: the reason'],
    ['app: mkdir "$CDK8S_OUTDIR"\n', 'wrote no manifests'],
    ['app: "true"\n', 'wrote no manifests'],
  ])('reports an app that cannot be synthesized: %j', async (config, problem) => {
    write({ 'cdk8s.yaml': config });
    const { status, stdout } = await verify();
    expect(status).toBe(1);
    expect(stdout).toMatch(/^cdk8s.yaml(:\d+:\d+)?: error: .*\[app-synth\]$/m);
    expect(stdout).toContain(problem);
  });

  test.each(['json', 'sarif', 'github'])('has the format %s of check', async (format) => {
    write({ 'cdk8s.yaml': CONFIG, 'app.js': APP(RULES('> 1')), 'dist/shop.k8s.yaml': dist('') });
    const { status, stdout } = await verify('--format', format);
    expect(status).toBe(1);
    if (format === 'github') expect(stdout).toMatch(/^::error file=dist\/shop.k8s.yaml,line=11,title=dist-stale::/);
    else {
      const { findings, runs } = JSON.parse(stdout);
      const ids =
        findings?.map(({ id }: { id: string }) => id) ??
        runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId);
      expect(ids).toContain('dist-stale');
    }
  });

  test("prints the app's own messages, without the warnings that the linter shows", async () => {
    const message = "console.error('deprecated: x');";
    write({ 'cdk8s.yaml': CONFIG, 'app.js': message + APP(RULES('> 1')), 'dist/shop.k8s.yaml': dist('> 1') });
    expect(await verify()).toMatchObject({ status: 0, stderr: 'deprecated: x\n' });
  });

  test('rejects a folder without an app', async () => {
    mkdirSync(join(project, 'empty'));
    expect(await verify('empty', 'nowhere')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'loki-alerts: no cdk8s.yaml in empty, nowhere: pass the folder of a cdk8s app, or make one with init\n',
    });
  });
});
