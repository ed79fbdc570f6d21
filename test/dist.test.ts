import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { readFolder, synthMain } from './manifests/synth';

const root = join(__dirname, '..');
const apps = globSync(['main.ts', 'examples/*/main.ts'], { cwd: root });

test.each(apps)('the dist beside %s is what it writes; if not: npm run synth', (app) => {
  const main = join(root, app);

  expect(readFolder(join(main, '../dist'))).toEqual(synthMain(main));
});
