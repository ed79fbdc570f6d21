import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

const run = (...args: string[]) =>
  spawnSync(process.execPath, ['bin/loki-alerts.js', 'images', ...args], { encoding: 'utf8', cwd: ROOT });

describe('loki-alerts images', () => {
  jest.setTimeout(60_000);

  test('lists each image of some folders once', () => {
    const { status, stdout } = run('dist', 'examples/single/dist', '--json');

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

  test('says of a folder without manifests what to do', () => {
    expect(run('docs')).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/no manifests in docs/) });
  });
});
