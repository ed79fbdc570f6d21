// Runs a TypeScript file: `node scripts/run.js main.ts [arguments]`, or from anywhere in the repository, and without a
// path that depends on the folder, `node -r loki-alerts/run main.ts`.
//
// As `node -r tsx/cjs main.ts`, but an error is shown as itself: Node would print the source line that threw first, and
// that is the whole of a minified transpiler when a file is missing or has a syntax error.
require('./typescript');
const { resolve } = require('node:path');

process.once('uncaughtException', (error) => {
  // The stack of a failed validation shows a program that did what it should.
  const expected = error.message?.startsWith('Validation failed');
  console.error(expected ? error.message : (error.stack ?? error));
  process.exit(1);
});

// With `-r`, Node runs the file itself.
if (require.main === module) {
  process.argv.splice(1, 1);
  process.argv[1] = resolve(process.argv[1]);
  require(process.argv[1]);
}
