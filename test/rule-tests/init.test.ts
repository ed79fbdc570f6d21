import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initTestFile } from '../../lib/rule-tests/init';
import { planFile } from '../../lib/rule-tests/plan';
import { readTestFile } from '../../lib/rule-tests/read';

const dir = mkdtempSync(join(tmpdir(), 'init-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

function write(file: string, text: string): string {
  const path = join(dir, file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const RULES = `groups:
  - name: shop
    rules:
      - alert: Slow
        expr: quantile_over_time(0.99, {app="api"} | json | unwrap duration(took) | __error__="" [5m]) by (route) > 2
`;

const MANIFEST = `apiVersion: v1
kind: ConfigMap
metadata: { name: loki-config }
data:
  config.yaml: |
    ruler: { evaluation_interval: 30s }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: loki-rules }
data:
  shop.yaml: |
${RULES.replace(/^/gm, '    ')}`;

test('writes tests without a Loki, for a rule file in another folder', async () => {
  const rules = write('dist/rules.yaml', RULES);
  const target = join(dir, 'rules.test.yaml');
  expect(await initTestFile(rules, target)).toEqual({ alerts: 1, failing: [] });
  expect(readFileSync(target, 'utf8')).toMatch(/rule_files:\n {2}- dist\/rules.yaml\n/);
  const { plans } = planFile(readTestFile(target, dir));
  expect(plans.map(({ name }) => name)).toEqual(['Slow fires', 'Slow stays silent']);
  expect(plans[0]?.streams()[0]?.lines[0]?.line).toBe('{"route":"example","took":"4s"}');
});

test("evaluates groups at the interval of the manifest's ruler", async () => {
  const rules = write('dist/logging.k8s.yaml', MANIFEST);
  const target = join(dir, 'logging.test.yaml');
  await initTestFile(rules, target);
  expect(readFileSync(target, 'utf8')).toMatch(/\nevaluation_interval: 30s\n/);
});
