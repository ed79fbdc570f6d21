import { distOf, MAINS, readFolder, synthMain } from './manifests/synth';

test.each(MAINS)('the dist beside %s is what it writes; if not: npm run synth, npm run synth:examples', (main) => {
  expect(readFolder(distOf(main))).toEqual(synthMain(main));
});
