import { resolve } from 'node:path';
import { lokiAlerts } from '../support/cli';

test('lists each image of the apps in this repository once', async () => {
  const { status, stdout } = await lokiAlerts(
    ['images', 'dist', 'examples/single/dist', '--format', 'json'],
    resolve(__dirname, '../..'),
  );

  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    expect.stringMatching(/^curlimages\/curl:/),
    expect.stringMatching(/^grafana\/grafana:/),
    expect.stringMatching(/^grafana\/loki:/),
    expect.stringMatching(/^grafana\/promtail:/),
    expect.stringMatching(/^nginxinc\/nginx-unprivileged:/),
    expect.stringMatching(/^otel\/opentelemetry-collector-k8s:/),
    expect.stringMatching(/^prom\/alertmanager:/),
  ]);
});
