import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const CONFIG = 'cdk8s.yaml';

export interface Called {
  /** The folder that was named. @default the app around `from` */
  readonly named?: string;
  /** Where the person stands: npm runs scripts in the root of the repository, wherever it was called. */
  readonly from: string;
  /** Root of the repository, whose app it is outside of every other one. */
  readonly root: string;
}

/**
 * The folder of the app that is meant.
 *
 * @throws Error naming the fix, if it is none
 */
export function appFolder({ named, from, root }: Called): string {
  const folder = named === undefined ? (appAround(from, root) ?? root) : resolve(from, named);
  if (existsSync(join(folder, CONFIG))) return folder;
  throw new Error(
    `${named ?? folder} is no app: it has no ${CONFIG}. Copy those of an example into it: examples/single/${CONFIG} and main.ts`,
  );
}

/** The nearest folder with an app, as npm itself looks for package.json. */
function appAround(from: string, root: string): string | undefined {
  for (let folder = from; !relative(root, folder).startsWith('..'); folder = dirname(folder)) {
    if (existsSync(join(folder, CONFIG))) return folder;
  }
  return undefined;
}
