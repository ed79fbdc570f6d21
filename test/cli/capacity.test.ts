import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { capacity } from '../../lib/loki/capacity';

const BIN = resolve(__dirname, '../../bin/loki-alerts.js');

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'capacity', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

const DIST = resolve(__dirname, '../../dist');

const LOAD = ['--lines-per-second', '20000', '--line-bytes', '250'];

describe('loki-alerts capacity', () => {
  jest.setTimeout(60_000);

  test('for machines', () => {
    const { status, stdout } = run(...LOAD, '--retention', '30d', '--json');

    expect(status).toBe(0);
    const { rules, warnings, ...result } = JSON.parse(stdout);
    expect(result).toEqual(
      capacity({ linesPerSecond: 20_000, lineBytes: 250, retentionSeconds: 30 * 86_400, replicationFactor: 3, rules }),
    );
    expect(warnings).toEqual([]);
  });

  test('reads the rules of dist, with their own intervals', () => {
    const { rules } = JSON.parse(run(...LOAD, '--rules', DIST, '--json').stdout);

    expect(rules).toContainEqual(
      expect.objectContaining({ rule: 'NoLogsArriving (no-logs)', intervalSeconds: 15, cores: 0 }),
    );
    expect(rules).toContainEqual(
      expect.objectContaining({ rule: 'LogSilence (silence)', intervalSeconds: 60, readSeconds: 780 }),
    );
  });

  test('warns of a retention that the volume does not hold, and of a rule that no ruler can evaluate in time', () => {
    const { stdout } = run('--lines-per-second', '40000', '--line-bytes', '250', '--volume', '5Gi');

    expect(stdout).toMatch(/^warning: a retention of 168h does not fit a volume of 5Gi: it needs \d+Gi at this load/m);
    expect(stdout).toMatch(
      /^warning: an evaluation of LogSilence \(silence\) takes 72 s, more than its interval of 60 s/m,
    );
    expect(run(...LOAD, '--volume', '2Ti', '--retention', '30d').stdout).not.toMatch(/warning/);
  });

  test('for people', () => {
    expect(run(...LOAD, '--retention', '30d').stdout).toMatchSnapshot();
  });

  test.each([
    ['no load', [], /required option '--lines-per-second/],
    ['no number', ['--lines-per-second', 'many', '--line-bytes', '250'], /use a number above 0/],
    ['no duration', [...LOAD, '--retention', '30 days'], /invalid duration "30 days" of --retention: use e.g. 30d/],
    ['no quantity', [...LOAD, '--volume', 'large'], /use a quantity, e.g. 50Gi/],
    ['no rules', [...LOAD, '--rules', join(DIST, 'log-collector.k8s.yaml')], /no rules in .*: use rule files/],
    ['an even number of copies', [...LOAD, '--replication-factor', '2'], /use 1, 3 or 5/],
    [
      'more than is known',
      ['--lines-per-second', '9e9', '--line-bytes', '250'],
      /more than the 30 that there are figures/,
    ],
  ])('%s', (_, args, message) => {
    expect(run(...args)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
  });
});
