import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { lock } from 'proper-lockfile';
import { makeTempFolder, removeTempFolder } from './cleanup';
import type { OnProgress } from './engine';

/**
 * A folder of the user's cache (`$XDG_CACHE_HOME/loki-alerts/<name>`), made once and complete whenever it is there.
 * Two processes never make it at the same time, and one that is interrupted leaves nothing.
 * @param make fills the folder that it is given; what it leaves in a second one, for its own use, is thrown away
 * @returns its path
 */
export async function cached(
  name: string,
  progress: OnProgress,
  make: (folder: string, scratch: string) => Promise<void>,
): Promise<string> {
  const root = resolve(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'loki-alerts');
  const target = join(root, name);
  if (existsSync(target)) return target;

  mkdirSync(root, { recursive: true });
  const unlock = await lockFor(target, () => progress(`waiting for another process that gets ${name}`));
  try {
    if (existsSync(target)) return target;
    // Below the same root, so that the move at the end is one step.
    const temp = makeTempFolder(root);
    try {
      const [folder, scratch] = [join(temp, 'folder'), join(temp, 'scratch')];
      mkdirSync(folder);
      mkdirSync(scratch);
      await make(folder, scratch);
      renameSync(folder, target);
    } finally {
      removeTempFolder(temp);
    }
  } finally {
    await unlock();
  }
  return target;
}

/** Takes the lock `<target>.lock`. A holder that was killed stops renewing it, and loses it after ten seconds. */
async function lockFor(target: string, onWait: () => void): Promise<() => Promise<void>> {
  const options = {
    realpath: false,
    stale: 10_000,
    // Lost because the machine slept: at worst two processes do the same, and the move lets only one of them win.
    onCompromised: () => {},
  };
  try {
    return await lock(target, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    onWait();
    return lock(target, { ...options, retries: { forever: true, minTimeout: 500, maxTimeout: 500 } });
  }
}
