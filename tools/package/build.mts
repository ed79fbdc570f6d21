/**
 * `npm run build`: writes the package's JavaScript and types to `build/`, as npm publishes them.
 *
 * The library is bundled for two reasons: cdk8s-plus-27 brings 189 packages and a script that writes to the home folder,
 * of which the library uses none; and one file for each entry loads in a third of the time of 350.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './entries.mts';
import { writeJavaScript } from './javascript.mts';
import { writeTypes } from './types.mts';

// Complete or not at all: another process may read the old build.
const temp = mkdtempSync(join(ROOT, '.build-'));
// Within it, because only the user may read a temporary folder.
const fresh = join(temp, 'build');
mkdirSync(fresh);
try {
  await Promise.all([writeJavaScript(fresh), writeTypes(fresh)]);
  const build = join(ROOT, 'build');
  rmSync(build, { recursive: true, force: true });
  renameSync(fresh, build);
} finally {
  rmSync(temp, { recursive: true, force: true });
}
