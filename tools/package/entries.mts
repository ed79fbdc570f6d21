import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

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

/** The command line. */
const CLI = { cli: join(ROOT, 'lib/cli/main.ts') };

/** `require('./check') as typeof import('./check')`: a module that is loaded only when it is needed. */
const LAZY_IMPORT = /require\('(\.[^']+)'\) as typeof import/g;

/** Source files that are loaded lazily, and the names of their output. */
const LAZY: ReadonlyMap<string, string> = new Map(
  readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(ROOT, 'lib', file))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(LAZY_IMPORT)].map(([, path = '']) => {
        const source = `${resolve(dirname(file), path)}.ts`;
        return [source, relative(join(ROOT, 'lib'), source).replaceAll(sep, '-').replace(/\.ts$/, '')] as const;
      }),
    ),
);

/** Everything that the package has a file for, by name. */
export const OUTPUTS: Readonly<Record<string, string>> = {
  ...ENTRIES,
  ...CLI,
  ...Object.fromEntries([...LAZY].map(([source, name]) => [name, source])),
};

/** Name of the output of a module that is loaded lazily; undefined for an ordinary import. */
export function lazyOutput(request: string, importer: string, kind: string): string | undefined {
  return kind === 'require-call' ? LAZY.get(`${resolve(dirname(importer), request)}.ts`) : undefined;
}

/** True for packages that stay outside of the bundle: those that npm installs beside it. */
export function isInstalled(id: string): boolean {
  const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
  return names.some((name) => id === name || id.startsWith(`${name}/`));
}
