import { LokiClient, quickLokiConfig, type RunningEngine, startLoki } from '../../lib/engines';
import { lokiAlerts } from '../support/cli';
import { tempFolder } from '../support/temp-folder';

const RULES = `groups:
  - name: web
    rules:
      - alert: Errors
        expr: sum by (app) (count_over_time({app="web"} |= "error" [5m])) > 5
`;

const folder = tempFolder();
let loki: RunningEngine;

beforeAll(async () => {
  loki = await startLoki(({ dir }) => quickLokiConfig({ dir }), { files: { 'rules/fake/web.yaml': RULES } });
  const aMinuteAgo = BigInt(Date.now() - 60_000) * 1_000_000n;
  await new LokiClient(loki.url).push([{ labels: { app: 'web' }, entries: [[aMinuteAgo, 'error'] as const] }]);
});

afterAll(() => loki?.stop());

test('check --loki works with a Loki without tenants, and reads its limits', async () => {
  folder.write('web.yaml', RULES);
  const { status, stdout, stderr } = await lokiAlerts(['check', 'web.yaml', '--loki', loki.url], folder.path);

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/1 stream, 1 of at most 500 series; .* loaded/);
});
