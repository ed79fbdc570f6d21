import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ValidationContext } from 'cdk8s-cli/plugins';
import { stringify } from 'yaml';
import { LokiAlerts } from '../../lib/cdk8s-plugin';

const ROOT = resolve(__dirname, '../..');

/** Creates another project with this package as a dependency and an app in plain JavaScript. */
function project(rules: string, properties: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'loki-alerts-plugin-'));
  mkdirSync(join(dir, 'node_modules'));
  symlinkSync(ROOT, join(dir, 'node_modules/loki-alerts'));
  writeFileSync(
    join(dir, 'cdk8s.yaml'),
    `language: typescript
app: node main.js
validations:
  - package: ./node_modules/loki-alerts/plugin.js
    version: 0.1.0
    class: LokiAlerts
    properties: ${properties}
`,
  );
  const cdk8s = join(ROOT, 'node_modules/cdk8s');
  writeFileSync(
    join(dir, 'main.js'),
    `const { ApiObject, App, Chart } = require(${JSON.stringify(cdk8s)});
const app = new App();
const chart = new Chart(app, 'other');
new ApiObject(chart, 'settings', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: 'b' } });
new ApiObject(chart, 'rules', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'my-rules' }, data: { 'r.yaml': ${JSON.stringify(rules)} } });
app.synth();
`,
  );
  return dir;
}

const rules = (expr: string) => `groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: ${expr}\n`;

function synth(dir: string) {
  try {
    return spawnSync(process.execPath, [join(ROOT, 'node_modules/.bin/cdk8s'), 'synth'], {
      cwd: dir,
      encoding: 'utf8',
      env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const NO_COMPARISON = rules('rate({app="x"}[5m])');

test('fails cdk8s synth of another project if it is strict, with the place in the manifest', () => {
  const { status, stdout, stderr } = synth(project(NO_COMPARISON, '{ strict: true }'));
  expect(status).toBe(2);
  expect(stdout + stderr).toMatch(/no-comparison/);
  expect(stdout + stderr).toMatch(/my-rules/);
  expect(stdout + stderr).toMatch(/other\.k8s\.yaml:\d+:\d+/);
});

test.each([
  ['shows warnings without failing', NO_COMPARISON, true, 'no-comparison'],
  ['rejects rules that Loki rejects', rules('rate({app="x"} > 1'), false, 'logql-syntax'],
])('%s', async (_, text, success, ruleName) => {
  const folder = mkdtempSync(join(tmpdir(), 'loki-alerts-plugin-'));
  try {
    const manifest = join(folder, 'other.k8s.yaml');
    const data = { 'r.yaml': text };
    writeFileSync(manifest, stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data }));
    const context = new ValidationContext([manifest], 'loki-alerts', '0.1.0');
    await new LokiAlerts({}).validate(context);

    expect(context.report.success).toBe(success);
    expect(context.report.toJson().violations).toEqual([expect.objectContaining({ ruleName })]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
