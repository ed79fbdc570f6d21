/**
 * `npm run check:release -- <tag> <URL of the repository>`: exits with 1 if the version must not be published.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseProblems } from './release';

const [tag = '', repositoryUrl = ''] = process.argv.slice(2);
const read = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8');

const manifest = JSON.parse(read('package.json'));
const problems = releaseProblems({ tag, repositoryUrl, manifest, changelog: read('CHANGELOG.md') });
for (const problem of problems) console.error(`error: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
