#!/usr/bin/env node
require('../scripts/typescript');
require('../lib/cli/main').main(process.argv.slice(2), process);
