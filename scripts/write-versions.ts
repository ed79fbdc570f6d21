import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { textsWithVersions, withPinnedVersions } from './pinned-versions';

/** `npm run docs:versions`: writes the versions that lib/versions/images.ts pins to all texts, and prints the changed files. */
for (const file of textsWithVersions()) {
  const path = join(__dirname, '..', file);
  const text = readFileSync(path, 'utf8');
  const pinned = withPinnedVersions(text);
  if (pinned === text) continue;
  writeFileSync(path, pinned);
  console.log(file);
}
