// `npm test`: Node only. Tests with real engines are named *.engine.test.ts, those of the packed package *.package.test.ts.
module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/rules/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.(engine|package)\\.test\\.ts$'],
  // Both cores of a small machine; jest would leave one idle.
  maxWorkers: '100%',
  // A test that hangs fails; on a busy machine one that works may take ten times as long as on an idle one.
  testTimeout: 60_000,
  transform: { '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }] },
  globalSetup: '<rootDir>/test/support/global-setup.js',
  // Tests run in a vm context, where jest looks each global up through a proxy: a lexer that calls `Math.min` per token
  // spends half of its time there. These are looked up once per module.
  sandboxInjectedGlobals: [
    ...['Array', 'Error', 'JSON', 'Map', 'Math'],
    ...['Number', 'Object', 'RegExp', 'Set', 'String'],
  ],
  // After each file, jest would walk through all that it left on its globals. A worker runs seventy files and ends.
  testEnvironmentOptions: {
    globalsCleanup: 'off',
    // The package by its name is its sources here.
    customExportConditions: ['@loki-alerts/source', 'node', 'node-addons'],
  },
  reporters: ['default', '<rootDir>/test/closing-line-reporter.js'],
  snapshotResolver: '<rootDir>/test/snapshot-resolver.js',
};
