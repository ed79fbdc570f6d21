import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PACKAGE_FOLDER } from '../versions/package-folder';
import type { CheckId } from '.';

/** Folder with the pages of the checks, in the package as in the repository. */
const FOLDER = join(PACKAGE_FOLDER, 'docs/checks');

/** Front matter at the start of a page, generated from the registry. */
const FRONT_MATTER = /^---\n[\s\S]*?\n---\n/;

/** Returns the page of a check, in Markdown with its front matter. */
export function checkPageText(id: CheckId): string {
  return readFileSync(join(FOLDER, `${id}.md`), 'utf8');
}

/** Returns the names of the pages in docs, such as `rule-tests`, sorted. */
export function docNames(): string[] {
  return readdirSync(dirname(FOLDER))
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.replace(/\.md$/, ''))
    .sort();
}

/** Returns a page of docs, in Markdown. */
export function docText(name: string): string {
  return readFileSync(join(FOLDER, '..', `${name}.md`), 'utf8');
}

/** Returns a page without its front matter. */
export function pageBody(page: string): string {
  return page.replace(FRONT_MATTER, '');
}
