import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Labels } from '../../lib/alertmanager/config/routes';
import { formatMatcher } from '../../lib/alertmanager/matchers/matchers';
import { type Engine, run } from '../../lib/engines';

/** Runs with a folder that is gone afterwards; it holds the texts as `0.yml`, `1.yml`, … */
export async function withFiles<T>(texts: readonly string[], use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'amtool-'));
  try {
    await Promise.all(texts.map((text, index) => writeFile(join(folder, `${index}.yml`), text)));
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What `amtool check-config` says of each text: undefined when it takes it. */
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
        // A config that crashes amtool hides the verdicts on those behind it.
        const verdict = verdicts.get(name) ?? (await run(amtool, ['check-config', name], { cwd })).stdout;
        return verdict.includes('SUCCESS') ? undefined : verdict;
      }),
    );
  });
}

/** What `amtool config routes test` says: the receivers of each set of labels. */
export async function receivers(amtool: Engine, text: string, sets: readonly Labels[]): Promise<string[][]> {
  return withFiles([text], async (cwd) => {
    const found: string[][] = [];
    for (const labels of sets) {
      const args = Object.entries(labels).map(([name, value]) => formatMatcher({ name, operator: '=', value }));
      const { code, stdout, stderr } = await run(amtool, ['config', 'routes', 'test', '--config.file=0.yml', ...args], {
        cwd,
      });
      if (code !== 0) throw new Error(`amtool: ${stderr}`);
      // Warnings stand before it.
      found.push((stdout.trim().split('\n').at(-1) as string).split(','));
    }
    return found;
  });
}
