import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckId } from '.';

/** Pages of the checks, in the package as in the repository. */
const FOLDER = join(__dirname, '../../docs/checks');

/** A check's page, in Markdown. */
export function checkPageText(id: CheckId): string {
  return readFileSync(join(FOLDER, `${id}.md`), 'utf8');
}
