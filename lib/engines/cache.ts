import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { lock } from 'proper-lockfile';
import { makeTempFolder, removeTempFolder } from './cleanup';
import type { OnProgress } from './engine';

/**
 * Returns the path of a folder in the user's cache (`$XDG_CACHE_HOME/loki-alerts/<name>`). It is created once, and is
 * complete if it exists: two processes never create it at the same time, and an interrupted one leaves nothing behind.
 * @param make fills `folder`; `scratch` is for temporary files and is removed afterwards
 */
export async function cached(
  name: string,
  progress: OnProgress,
  make: (folder: string, scratch: string) => Promise<void>,
): Promise<string> {
  const target = cachePath(name);
  const root = dirname(target);
  if (existsSync(target)) return target;

  mkdirSync(root, { recursive: true });
  const unlock = await lockFor(target, () => progress(`waiting for another process that is preparing ${name}`));
  try {
    if (existsSync(target)) return target;
    // Under the same root, so that the rename at the end is atomic.
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

/** Returns the path of a folder in the user's cache, which exists once it is complete. */
export function cachePath(name: string): string {
  return resolve(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'loki-alerts', name);
}

/** Takes the lock `<target>.lock`. A holder that is killed stops renewing it and loses it after ten seconds. */
async function lockFor(target: string, onWait: () => void): Promise<() => Promise<void>> {
  const options = {
    realpath: false,
    stale: 10_000,
    // Lost while the machine slept: at worst two processes do the same work, and only one rename succeeds.
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
