import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { capacity } from '../../lib/loki/capacity';

const BIN = resolve(__dirname, '../../bin/loki-alerts.js');

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'capacity', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

const LOAD = ['--lines-per-second', '20000', '--line-bytes', '250'];

describe('loki-alerts capacity', () => {
  jest.setTimeout(60_000);

  test('for machines', () => {
    const { status, stdout } = run(...LOAD, '--retention', '30d', '--json');

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(
      capacity({ linesPerSecond: 20_000, lineBytes: 250, retentionSeconds: 30 * 86_400, replicationFactor: 3 }),
    );
  });

  test('for people', () => {
    expect(run(...LOAD, '--retention', '30d').stdout).toMatchSnapshot();
  });

  test.each([
    ['no load', [], /required option '--lines-per-second/],
    ['no number', ['--lines-per-second', 'many', '--line-bytes', '250'], /write a number above 0/],
    ['no duration', [...LOAD, '--retention', '30 days'], /'30 days' is no duration; write for instance '30d'/],
    ['an even number of copies', [...LOAD, '--replication-factor', '2'], /write 1, 3 or 5/],
    [
      'more than is known',
      ['--lines-per-second', '9e9', '--line-bytes', '250'],
      /more than the 30 that there are figures/,
    ],
  ])('%s', (_, args, message) => {
    expect(run(...args)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
  });
});
