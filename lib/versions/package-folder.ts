import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of the package: a clone of the repository, or `node_modules/loki-alerts`, whose code is in another folder. */
export const PACKAGE_FOLDER = packageFolder(dirname(__filename));

function packageFolder(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : packageFolder(dirname(folder));
}
