import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Labels } from '../../lib/alertmanager/config/routes';
import { formatMatcher } from '../../lib/alertmanager/matchers/matchers';
import { type Engine, run } from '../../lib/engines';

/** Calls `use` with a temporary folder that contains the texts as `0.yml`, `1.yml`, … */
export async function withFiles<T>(texts: readonly string[], use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'amtool-'));
  try {
    await Promise.all(texts.map((text, index) => writeFile(join(folder, `${index}.yml`), text)));
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the error of `amtool check-config` for each text; undefined if it accepts the text. */
export async function refusals(amtool: Engine, texts: readonly string[]): Promise<(string | undefined)[]> {
  return withFiles(texts, async (cwd) => {
    const names = texts.map((_text, index) => `${index}.yml`);
    const { stdout } = await run(amtool, ['check-config', ...names], { cwd });
    const verdicts = new Map(
      [...stdout.matchAll(/Checking '(\d+\.yml)'(?:time=.*\n)* {2}(SUCCESS|FAILED: .*)/g)].map(([, name, verdict]) => [
        name,
        verdict,
      ]),
    );
    return Promise.all(
      names.map(async (name) => {
        // A config that crashes amtool hides the verdicts on the following ones.
        const verdict = verdicts.get(name) ?? (await run(amtool, ['check-config', name], { cwd })).stdout;
        return verdict.includes('SUCCESS') ? undefined : verdict;
      }),
    );
  });
}

/** Returns the receivers of each set of labels, from `amtool config routes test`. */
export async function receivers(amtool: Engine, text: string, sets: readonly Labels[]): Promise<string[][]> {
  return withFiles([text], async (cwd) => {
    const found: string[][] = [];
    for (const labels of sets) {
      const args = Object.entries(labels).map(([name, value]) => formatMatcher({ name, operator: '=', value }));
      const { code, stdout, stderr } = await run(amtool, ['config', 'routes', 'test', '--config.file=0.yml', ...args], {
        cwd,
      });
      if (code !== 0) throw new Error(`amtool: ${stderr}`);
      // Warnings precede the receivers.
      found.push((stdout.trim().split('\n').at(-1) as string).split(','));
    }
    return found;
  });
}
