import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const CONFIG = 'cdk8s.yaml';

export interface AppFolderOptions {
  /** Folder given on the command line. @default the nearest app at or above `from` */
  readonly named?: string;
  /** Folder where npm was called: npm runs scripts in the root of the repository. */
  readonly from: string;
  /** Root of the repository, whose app is the fallback. */
  readonly root: string;
}

/**
 * Returns the folder of the app to synthesize.
 *
 * @throws if the folder is not an app
 */
export function appFolder({ named, from, root }: AppFolderOptions): string {
  const folder = named === undefined ? (appAround(from, root) ?? root) : resolve(from, named);
  if (existsSync(join(folder, CONFIG))) return folder;
  throw new Error(
    `${named ?? folder} is not an app: it has no ${CONFIG}. Copy ${CONFIG} and main.ts from examples/single`,
  );
}

/** Returns the nearest folder with an app, like npm searches for package.json. */
function appAround(from: string, root: string): string | undefined {
  for (let folder = from; !relative(root, folder).startsWith('..'); folder = dirname(folder)) {
    if (existsSync(join(folder, CONFIG))) return folder;
  }
  return undefined;
}
