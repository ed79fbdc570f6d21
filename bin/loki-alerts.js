#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

if (Number.parseInt(process.versions.node, 10) < 20) {
  console.error(`error: Node ${process.version} is not supported: use Node 20 or newer`);
  process.exit(1);
}

// The reader may have enough, as in `loki-alerts check | head`.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// A clone runs its sources, so that a change needs no build. The package has none.
const typescript = join(__dirname, '../scripts/typescript.js');
const inClone = existsSync(typescript);
if (inClone) require(typescript);
require(inClone ? '../lib/cli/main' : '../build/cli').main(process.argv.slice(2), process);
