import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { OnProgress } from '../lib/engines';
import { makeTempFolder, removeTempFolder } from '../lib/engines/cleanup';
import { readDist } from '../lib/kubernetes-objects/dist';
import { type Figure, median, type Subject } from './figure';
import { timedNode } from './timed-process';

/** Odd, so that the median is one of the runs. */
const ROUNDS = 5;

const ROOT = join(__dirname, '..');

/** App of each profile, and the folder of its committed manifests. */
const APPS = [
  { profile: 'demo', main: 'main.ts', dist: 'dist' },
  { profile: 'single', main: 'examples/single/main.ts', dist: 'examples/single/dist' },
  { profile: 'distributed', main: 'examples/production/main.ts', dist: 'examples/production/dist' },
];

export const profiles: Subject = {
  name: 'profiles',
  description: 'number of objects and size of the manifests of each profile, and the time to synthesize them; 30 s',
  measure,
};

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  const folder = makeTempFolder();
  const seconds = async (main: string) => {
    const run = await timedNode([join('scripts', 'run.js'), relative(process.cwd(), join(ROOT, main))], {
      CDK8S_OUTDIR: folder,
    });
    if (run.code !== 0) throw new Error(`synthesis failed with exit code ${run.code}: ${run.stderr}`);
    return run.seconds;
  };
  try {
    const figures: Figure[] = [];
    for (const { profile, main, dist } of APPS) {
      onProgress(profile);
      // The first run fills the transpiler's cache.
      await seconds(main);
      const times: number[] = [];
      while (times.length < ROUNDS) times.push(await seconds(main));
      const path = join(ROOT, dist);
      const files = readdirSync(path);
      figures.push(
        { what: `${profile}: objects`, value: readDist(path).length, unit: '', note: `${files.length} files` },
        {
          what: `${profile}: manifests`,
          value: files.reduce((sum, file) => sum + statSync(join(path, file)).size, 0) / 1024,
          unit: 'KiB',
        },
        { what: `${profile}: app alone`, value: median(times), unit: 's', note: `median of ${ROUNDS}, caches warm` },
      );
    }
    return figures;
  } finally {
    removeTempFolder(folder);
  }
}
