import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CheckId } from '.';

/** Pages of the checks, in the package as in the repository. */
const FOLDER = join(__dirname, '../../docs/checks');

/** Path of a check's page. */
export function checkPageFile(id: CheckId): string {
  return join(FOLDER, `${id}.md`);
}

/** A check's page, in Markdown. */
export function checkPageText(id: CheckId): string {
  return readFileSync(checkPageFile(id), 'utf8');
}

/** URL of a check's page, in the package that runs. */
export function checkPageUrl(id: CheckId): string {
  return pathToFileURL(checkPageFile(id)).href;
}
