import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECK_IDS } from '../lib/checks';
import { checkIndex, frontMatter } from '../lib/checks/list';
import { checkPageText, pageBody } from '../lib/checks/pages';

const FOLDER = join(__dirname, '../docs/checks');

writeFileSync(join(FOLDER, 'README.md'), checkIndex());
for (const id of CHECK_IDS) writeFileSync(join(FOLDER, `${id}.md`), frontMatter(id) + pageBody(checkPageText(id)));
