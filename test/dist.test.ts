import { dirname, join, relative } from 'node:path';
import { globSync } from 'tinyglobby';
import { formatFinding } from '../lib/checks/findings';
import { checkApp, findApps } from '../lib/lint/app';
import { checkInputs, readManifests } from '../lib/lint/inputs';
import { distOf, EXAMPLES, readFolder, synthMain } from './manifests/synth';

const ROOT = join(__dirname, '..');

/** Apps of users: the main.ts of this repository, and others in any folder. */
const APPS = findApps([], ROOT)
  .map((config) => relative(ROOT, dirname(config)) || '.')
  .filter((folder) => !/^(examples|test)\b/.test(folder));

test.each(EXAMPLES)('the dist beside %s is what it writes; if not: npm run synth:examples', (main) => {
  expect(readFolder(distOf(main))).toEqual(synthMain(main));
});

test.each(EXAMPLES)('the linter finds nothing in the dist beside %s', (main) => {
  const manifests = globSync('*.yaml', { cwd: distOf(main), absolute: true });
  expect(checkInputs(readManifests(manifests), {})).toEqual([]);
});

test.each(APPS)(
  'the dist in %s is what the app writes, without errors; if not: npm run synth -- <folder>',
  async (folder) => {
    const { findings } = await checkApp(join(ROOT, folder, 'cdk8s.yaml'));
    expect(findings.filter(({ severity }) => severity === 'error').map(formatFinding)).toEqual([]);
  },
);
