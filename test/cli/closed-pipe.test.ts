import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

test('ends quietly if no one reads its output any more', () => {
  const bin = join(__dirname, '../../bin/loki-alerts.js');
  const run = 'node "$0" check --list | true; echo "${PIPESTATUS[0]}"';
  const { stdout, stderr } = spawnSync('bash', ['-c', run, bin], { encoding: 'utf8' });

  expect([stdout, stderr]).toEqual(['0\n', '']);
});
