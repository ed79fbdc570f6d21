import { fromDebian } from './debian';
import { inDocker } from './docker';
import { type Engine, type EngineName, engineSpecs, type OnProgress } from './engine';
import { builtByGo, builtEarlier } from './go';
import { inEnvironment, onPath } from './installed';
import { NotFound } from './not-found';

/** A source of engines. Throws only if the next source would silently replace the engine that the user chose. */
export type Source = (name: EngineName, progress: OnProgress) => Promise<Engine | NotFound>;

export interface FindOptions {
  /** Receives progress messages: a build takes minutes. @default none */
  readonly progress?: OnProgress;
  /** False to use only engines on this machine: without a build, a download or an image. @default true */
  readonly build?: boolean;
}

/** Sources in the order in which they are tried, each with what to do to make it available. */
const sources: readonly { readonly source: Source; advice(name: EngineName): string }[] = [
  { source: inEnvironment, advice: (name) => `set ${engineSpecs[name].variable} to the path of the program` },
  { source: onPath, advice: (name) => `put ${engineSpecs[name].executables.join(' or ')} on PATH` },
  { source: inDocker, advice: (name) => `run a Docker daemon that can pull ${engineSpecs[name].docker.image}` },
  { source: builtByGo, advice: (name) => `install Go 1.21 or newer to build ${name} ${engineSpecs[name].go.version}` },
  { source: fromDebian, advice: () => 'use a Debian machine with apt-get and dpkg' },
];

/**
 * Finds an engine: from its environment variable, on PATH, in the pinned image if a Docker daemon answers, as a build
 * of the pinned version with Go (once, into a cache folder), or as an unpacked Debian package.
 * @throws if no source has it, with a list of them; or if the environment variable names an unusable program
 */
export async function findEngine(name: EngineName, options: FindOptions = {}): Promise<Engine> {
  const progress = options.progress ?? (() => {});
  if (options.build === false) return requireLocalEngine(name);
  const tried: string[] = [];
  for (const { source, advice } of sources) {
    const found = await source(name, progress);
    if (!(found instanceof NotFound)) return found;
    tried.push(`  - ${advice(name)} (${found.reason})`);
  }
  throw new Error(`${name} not found. Do one of the following:\n${tried.join('\n')}`);
}

async function requireLocalEngine(name: EngineName): Promise<Engine> {
  const found = await findLocalEngine(name);
  if (found) return found;
  const { variable, executables } = engineSpecs[name];
  const fix = `set ${variable} to its path, put ${executables.join(' or ')} on PATH, or allow a build`;
  throw new Error(`${name} is not on this machine: ${fix}`);
}

/** Returns an engine that is on this machine, without Docker, a download or a build; undefined if there is none. */
export async function findLocalEngine(name: EngineName): Promise<Engine | undefined> {
  for (const source of [inEnvironment, onPath, builtEarlier]) {
    const found = await source(name, () => {});
    if (!(found instanceof NotFound)) return found;
  }
  return undefined;
}

/**
 * Finds several engines, one after the other: parallel builds would only compete for the CPUs.
 * @throws one error for all missing engines
 */
export async function ensureEngines<Name extends EngineName>(
  names: readonly Name[],
  options: FindOptions = {},
): Promise<Record<Name, Engine>> {
  const found: [Name, Engine][] = [];
  const failures: string[] = [];
  for (const name of names) {
    try {
      found.push([name, await findEngine(name, options)]);
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
  return Object.fromEntries(found) as Record<Name, Engine>;
}
