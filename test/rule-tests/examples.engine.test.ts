import { spawnSync } from 'node:child_process';

test.each(['examples/rule-tests', 'rules'])(
  'passes the tests in %s, with every alert firing in one and silent in another',
  (folder) => {
    const { stdout, status } = spawnSync(
      process.execPath,
      ['bin/loki-alerts.js', 'test', '--require-coverage', folder],
      { encoding: 'utf8' },
    );

    expect(stdout).toMatch(/every alert has a test that sees it fire, and one that sees it stay silent/);
    expect(status).toBe(0);
  },
);
