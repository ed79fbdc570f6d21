import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckId } from '.';

/** Pages of the checks, in the package as in the repository. */
const FOLDER = join(__dirname, '../../docs/checks');

/** Data of the registry, at the start of a page. */
const FRONT_MATTER = /^---\n[\s\S]*?\n---\n/;

/** A check's page, in Markdown with its front matter. */
export function checkPageText(id: CheckId): string {
  return readFileSync(join(FOLDER, `${id}.md`), 'utf8');
}

/** A page without its front matter. */
export function pageBody(page: string): string {
  return page.replace(FRONT_MATTER, '');
}
