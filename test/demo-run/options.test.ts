import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { someOf } from '../support/properties';

const ROOT = resolve(__dirname, '../..');

const folder = mkdtempSync(join(tmpdir(), 'demo-options-'));
afterAll(() => rmSync(folder, { recursive: true }));

// Each starts a program.
test.each(
  someOf([
    [['--local', '--down'], 'error: --down is only supported in a cluster: '],
    [['--local', '--stop-flood'], 'error: --stop-flood is only supported in a cluster: '],
    [['--down', '--stop-flood'], 'error: --stop-flood has no effect together with --down'],
    [['--local', '--dist', folder], `error: no manifests in ${folder}`],
    [['--local', '--dist', 'examples/single/dist'], 'error: the manifests send messages to a real Slack'],
  ] as const),
)('npm run demo -- %j is rejected, and nothing is synthesized or started', (args, message) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['scripts/run.js', 'lib/demo-run/demo.ts', '--yes', ...args],
    // No cluster, whatever the developer's own context is.
    { cwd: ROOT, encoding: 'utf8', env: { ...process.env, KUBECONFIG: join(folder, 'none') } },
  );

  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/Synthesized|listens on|\n\s+at /);
});
