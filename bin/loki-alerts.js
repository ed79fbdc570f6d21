#!/usr/bin/env node
require('../scripts/typescript');
require('../lib/cli/main');
