// `npm run test:engines`: real processes. One worker, so that the engines of two files do not compete for the cores.
module.exports = {
  ...require('../jest.config.js'),
  rootDir: '..',
  testMatch: ['<rootDir>/test/**/*.engine.test.ts'],
  // Thirteen minutes of a distributed Loki that loses parts of itself: `npm run test:distributed`.
  testPathIgnorePatterns: ['/node_modules/', 'distributed\\.engine\\.test'],
  maxWorkers: 1,
  // The longest test, from a flood to its resolved message, waits for real timers of Loki and Alertmanager.
  testTimeout: 300_000,
};
