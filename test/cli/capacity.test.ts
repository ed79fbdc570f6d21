import { capacity } from '../../lib/loki/capacity';
import { demoDist } from '../manifests/synth';
import { lokiAlerts } from '../support/cli';

const LOAD = ['--lines-per-second', '20000', '--line-bytes', '250'];

const run = (...args: string[]) => lokiAlerts(['capacity', ...args], __dirname);

describe('loki-alerts capacity', () => {
  test('writes JSON', async () => {
    const { status, stdout } = await run(...LOAD, '--retention', '30d', '--format', 'json');

    expect(status).toBe(0);
    const { rules, warnings, ...result } = JSON.parse(stdout);
    expect(result).toEqual(
      capacity({ linesPerSecond: 20_000, lineBytes: 250, retentionSeconds: 30 * 86_400, replicationFactor: 3, rules }),
    );
    expect(warnings).toEqual([]);
  });

  test('reads the rules of dist, with their own intervals', async () => {
    const { rules } = JSON.parse((await run(...LOAD, '--rules', demoDist(), '--json')).stdout);

    expect(rules).toContainEqual(
      expect.objectContaining({ rule: 'NoLogsArriving (no-logs)', intervalSeconds: 15, cores: 0 }),
    );
    expect(rules).toContainEqual(
      expect.objectContaining({ rule: 'LogSilence (silence)', intervalSeconds: 60, readSeconds: 780 }),
    );
  });

  test('does not warn about a retention that fits in the volume', async () => {
    expect((await run(...LOAD, '--volume', '2Ti', '--retention', '30d')).stdout).not.toMatch(/warning/);
  });
});
