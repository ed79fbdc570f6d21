import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lokiAlerts } from '../support/cli';

const dir = mkdtempSync(join(tmpdir(), 'rule-sources-'));
afterAll(() => rmSync(dir, { recursive: true }));

test('rules export runs a whole app, and leaves its dist folder as it is', async () => {
  writeFileSync(
    join(dir, 'main.js'),
    `const { ApiObject, App, Chart } = require(${JSON.stringify(require.resolve('cdk8s'))});
const app = new App();
new ApiObject(new Chart(app, 'logging'), 'rules', {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'loki-rules' },
  data: { 'shop.yaml': 'groups: [{ name: g, rules: [{ alert: A, expr: "sum(rate({app=\\\\"web\\\\"}[1m])) > 0" }] }]' },
});
app.synth();
`,
  );
  const before = process.env.CDK8S_OUTDIR;
  expect(await lokiAlerts(['rules', 'export', 'main.js', '--out', 'out'], dir)).toMatchObject({
    status: 0,
    stdout: 'out/shop.yaml\n',
  });
  expect([existsSync(join(dir, 'dist')), process.env.CDK8S_OUTDIR]).toEqual([false, before]);
  expect(readdirSync(dir).sort()).toEqual(['main.js', 'out']);
});
