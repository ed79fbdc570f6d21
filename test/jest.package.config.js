// `npm run test:package`: the package as npm packs it, installed into projects of others. Needs the npm registry.
module.exports = {
  ...require('../jest.config.js'),
  rootDir: '..',
  testMatch: ['<rootDir>/test/**/*.package.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // npm install, and ts-node, which checks the types of the whole project, on a busy machine.
  testTimeout: 300_000,
};
