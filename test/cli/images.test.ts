import { resolve } from 'node:path';
import { demoDist } from '../manifests/synth';
import { lokiAlerts } from '../support/cli';

test('lists each image of several apps once', async () => {
  const { status, stdout } = await lokiAlerts(
    ['images', demoDist(), 'examples/single/dist', '--format', 'json'],
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
