// Runs a TypeScript file: `node scripts/run.js main.ts [arguments]`.
//
// Like `node -r tsx/cjs main.ts`, but prints only the error: Node would print the source line that threw it first,
// which is a whole minified transpiler if a file is missing or has a syntax error.
require('./typescript');
const { resolve } = require('node:path');

process.once('uncaughtException', (error) => {
  // The stack trace of a failed validation is of no use.
  const expected = error.message?.startsWith('Validation failed');
  console.error(expected ? error.message : (error.stack ?? error));
  process.exit(1);
});

process.argv.splice(1, 1);
process.argv[1] = resolve(process.argv[1]);
require(process.argv[1]);
