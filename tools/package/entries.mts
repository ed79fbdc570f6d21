import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** The condition of `exports` in package.json that leads to the sources, which only a clone has. */
const SOURCE = '@loki-alerts/source';

interface Manifest {
  readonly exports: Readonly<Record<string, Readonly<Record<string, unknown>> | string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Source files of the package's entries, by the name of their output: `rules` for `loki-alerts/rules`. */
export const ENTRIES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(manifest.exports).flatMap(([name, target]) => {
    const source = typeof target === 'object' ? target[SOURCE] : undefined;
    return typeof source === 'string' ? [[name === '.' ? 'index' : name.slice('./'.length), join(ROOT, source)]] : [];
  }),
);

/** The module that loads each command only when it is called. */
export const MAIN = join(ROOT, 'lib/cli/main.ts');

/** Source files of the command line, by the name of their output. */
export const COMMANDS: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(join(ROOT, 'lib/cli'))
    .filter(
      (file) =>
        file === 'main.ts' || readFileSync(MAIN, 'utf8').includes(`require('./${file.slice(0, -'.ts'.length)}')`),
    )
    .map((file) => [`cli/${file.slice(0, -'.ts'.length)}`, join(ROOT, 'lib/cli', file)]),
);

/** True for packages that stay outside of the bundle: those that npm installs beside it. */
export function isInstalled(id: string): boolean {
  const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
  return names.some((name) => id === name || id.startsWith(`${name}/`));
}
