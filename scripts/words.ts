// Part of `npm run lint`: finds phrases that a native engineer of this field would not write, with what to write
// instead.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { phrasesIn } from './phrases';

const ROOT = join(__dirname, '..');
/** Generated files, files from other projects, and lists of these phrases. */
const SKIPPED =
  /^DEVELOPERS\.md$|(^|\/)dist\/|^imports\/|(^|\/)(fixtures|corpus|schemas)\/|\.snap$|^scripts\/phrases\.ts$|^test\/scripts\/phrases\.test\.ts$/;

const files = execFileSync('git', ['ls-files', '*.ts', '*.js', '*.md', '*.tmpl', '*.yaml', '*.yml', '*.txtar'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !SKIPPED.test(file) && existsSync(join(ROOT, file)));

let count = 0;
for (const file of files) {
  for (const { line, phrase, write } of phrasesIn(readFileSync(join(ROOT, file), 'utf8'))) {
    console.error(`${file}:${line}: "${phrase}": ${write}`);
    count += 1;
  }
}
if (count > 0) {
  console.error(`${count} phrases; the words of this project are in DEVELOPERS.md`);
  process.exitCode = 1;
}
