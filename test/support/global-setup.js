// Before the first test: a folder for what is made once in a run of jest (see once-per-run.ts), and memory for workers.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

// A parser's short-lived objects fill Node's 16 MB several times a second. With four times as much, garbage collection
// takes a tenth less of the CPU time of all tests. Workers start after this, and read it.
const NODE_OPTIONS = '--max-semi-space-size=64';

module.exports = () => {
  const { node } = require('../../package.json').engines;
  if (Number.parseInt(process.versions.node, 10) < Number.parseInt(node.replace(/\D*/, ''), 10)) {
    console.error(`error: Node ${process.version} is not supported: use Node ${node}`);
    process.exit(1);
  }
  const folder = mkdtempSync(join(tmpdir(), 'loki-alerts-test-run-'));
  process.env.TEST_RUN_FOLDER = folder;
  // Without a teardown that would have to find it again, and on Ctrl-C as well.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.env.NODE_OPTIONS = [process.env.NODE_OPTIONS, NODE_OPTIONS].filter(Boolean).join(' ');
};
