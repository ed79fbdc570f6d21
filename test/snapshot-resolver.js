// Keeps every snapshot in the top-level __snapshots__ folder, in the same sub-folder as its test.
const { join, relative, sep } = require('node:path');

const tests = __dirname;
const snapshots = join(__dirname, '..', '__snapshots__');

module.exports = {
  resolveSnapshotPath: (testPath, extension) => join(snapshots, relative(tests, testPath) + extension),
  resolveTestPath: (snapshotPath, extension) =>
    join(tests, relative(snapshots, snapshotPath).slice(0, -extension.length)),
  testPathForConsistencyCheck: ['', tests.split(sep).slice(1).join(sep), 'rules.test.ts'].join(sep),
};
