import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ValidationContext } from 'cdk8s-cli/plugins';
import { stringify } from 'yaml';
import { LokiAlerts } from '../../lib/cdk8s-plugin';

const rules = (expr: string) => `groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: ${expr}\n`;

const NO_COMPARISON = rules('rate({app="x"}[5m])');

test.each([
  ['shows warnings without failing', NO_COMPARISON, true, 'no-comparison'],
  ['rejects rules that Loki rejects', rules('rate({app="x"} > 1'), false, 'logql-syntax'],
])('%s', async (_, text, success, ruleName) => {
  const folder = mkdtempSync(join(tmpdir(), 'loki-alerts-plugin-'));
  try {
    const manifest = join(folder, 'other.k8s.yaml');
    const data = { 'r.yaml': text };
    writeFileSync(manifest, stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data }));
    const context = new ValidationContext([manifest], 'loki-alerts', '0.2.0');
    await new LokiAlerts({}).validate(context);

    expect(context.report.success).toBe(success);
    expect(context.report.toJson().violations).toEqual([expect.objectContaining({ ruleName })]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
