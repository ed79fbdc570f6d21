// A folder for what is made once in a run of jest, see once-per-run.ts.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = () => {
  const folder = mkdtempSync(join(tmpdir(), 'loki-alerts-test-run-'));
  process.env.TEST_RUN_FOLDER = folder;
  // Without a teardown that would have to find it again, and on Ctrl-C as well.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
};
