import { join, relative } from 'node:path';
import type { OnProgress } from '../lib/engines';
import { makeTempFolder, removeTempFolder } from '../lib/engines/cleanup';
import { type Figure, median, type Subject } from './figure';
import { succeeded, timed, timedNode } from './timed-process';

/** Odd, so that the median is one of the runs; enough to ignore a few outliers. */
const ROUNDS = 11;

const ROOT = join(__dirname, '..');
const CLI = join(ROOT, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');
const RUN = join('scripts', 'run.js');
const EMPTY_APP = relative(ROOT, join(__dirname, 'empty-app.ts'));

export const synth: Subject = {
  name: 'synth',
  description: 'cdk8s synth, compared with an empty app, and the app without the CLI; 30 s',
  measure,
};

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  const folder = makeTempFolder();
  // Otherwise the CLI checks the npm registry for updates.
  const env = { CDK8S_CHECK_UPGRADE: 'false', CDK8S_OUTDIR: folder };
  const cli = (...args: string[]) =>
    succeeded(timed(process.execPath, [CLI, 'synth', '--output', join(folder, 'cli'), ...args], env));
  const round = async () => ({
    stack: (await cli()).seconds,
    empty: (await cli('--app', `node ${RUN} ${EMPTY_APP}`)).seconds,
    alone: await succeeded(timedNode([RUN, 'main.ts'], env)),
  });
  try {
    // The first round fills the caches of the transpiler and the file system.
    await round();
    const rounds: Awaited<ReturnType<typeof round>>[] = [];
    while (rounds.length < ROUNDS) {
      rounds.push(await round());
      onProgress(`round ${rounds.length} of ${ROUNDS}`);
    }
    const note = `median of ${ROUNDS} rounds of stack, empty and alone; caches warm`;
    return [
      { what: 'cdk8s synth, this stack', value: median(rounds.map(({ stack }) => stack)), unit: 's', note },
      {
        what: 'cdk8s synth, an empty app',
        value: median(rounds.map(({ empty }) => empty)),
        unit: 's',
        note: 'one empty chart, run in the same way',
      },
      {
        what: 'cdk8s synth, stack to empty app',
        value: median(rounds.map(({ stack, empty }) => stack / empty)),
        unit: 'x',
        aim: { atMost: 1.4 },
        note: 'median of the ratios of each round',
      },
      {
        what: 'app alone',
        value: median(rounds.map(({ alone }) => alone.seconds)),
        unit: 's',
        aim: { atMost: 0.5 },
        note: `fastest ${Math.min(...rounds.map(({ alone }) => alone.seconds)).toFixed(2)} s`,
      },
      { what: 'app alone, peak memory', value: median(rounds.map(({ alone }) => alone.peakMib)), unit: 'MiB' },
    ];
  } finally {
    removeTempFolder(folder);
  }
}
