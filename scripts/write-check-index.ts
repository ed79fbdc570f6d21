import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkIndex } from '../lib/checks/list';

writeFileSync(join(__dirname, '../docs/checks/README.md'), checkIndex());
