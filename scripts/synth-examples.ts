/** `npm run synth:examples`: runs `npm run synth` in the folder of each app under `examples/`. */
import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';

const SYNTH = [join(__dirname, 'run.js'), join(__dirname, 'synth.ts')];

const failed = globSync('examples/**/cdk8s.yaml')
  .map(dirname)
  .sort()
  .filter((folder) => {
    process.stdout.write(`${folder}\n`);
    return spawnSync(process.execPath, [...SYNTH, resolve(folder)], { stdio: 'inherit' }).status !== 0;
  });
if (failed.length > 0) {
  process.stderr.write(`error: synthesis failed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
