import { globSync } from 'tinyglobby';
import { checkInputs, readManifests } from '../lib/lint/inputs';
import { distOf, MAINS, readFolder, synthMain } from './manifests/synth';

test.each(MAINS)('the dist beside %s is what it writes; if not: npm run synth, npm run synth:examples', (main) => {
  expect(readFolder(distOf(main))).toEqual(synthMain(main));
});

test.each(MAINS)('the linter finds nothing in the dist beside %s', (main) => {
  const manifests = globSync('*.yaml', { cwd: distOf(main), absolute: true });
  expect(checkInputs(readManifests(manifests), {})).toEqual([]);
});
