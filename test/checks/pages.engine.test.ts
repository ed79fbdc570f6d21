import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CHECK_IDS, CHECKS } from '../../lib/checks';
import { type Example, exampleOf, inFolder } from './examples';

const PROGRAM = `node ${join(__dirname, '../../bin/loki-alerts.js')}`;

/** Checks whose examples need a real engine; the others are in pages.test.ts. */
describe.each(CHECK_IDS.filter((id) => CHECKS[id].needs === 'engine'))('%s', (id) => {
  test('is reported for the problem', async () => {
    const { stdout, stderr } = await runExample(exampleOf(id, 'Problem') as Example);
    // A failed test is only a finding in SARIF.
    expect(stdout + stderr).toMatch(new RegExp(`\\[${id}\\]|"ruleId": "${id}"`));
  });

  test('nothing is reported for the fix', async () => {
    const fix = exampleOf(id, 'Fix') as Example;
    const commands = fix.commands.length > 0 ? fix.commands : (exampleOf(id, 'Problem') as Example).commands;
    const { stdout, stderr, status } = await runExample({ ...fix, commands });
    expect(stdout + stderr).not.toMatch(/\[[a-z-]+\]$/m);
    expect(status).toBe(0);
  });
});

/** Runs the commands of an example in the folder of its files. */
function runExample(example: Example) {
  const command = example.commands.join(' && ').replace(/\bloki-alerts\b/g, PROGRAM);
  return inFolder(example, (folder) => spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' }));
}
