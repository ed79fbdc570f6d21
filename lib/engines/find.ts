import { fromDebian } from './debian';
import { inDocker } from './docker';
import { type Engine, type EngineName, engineSpecs, type OnProgress } from './engine';
import { builtByGo } from './go';
import { inEnvironment, onPath } from './installed';
import { NotFound } from './not-found';

/** One way to get an engine. Throws only where the next way would run another engine than the one asked for. */
export type Way = (name: EngineName, progress: OnProgress) => Promise<Engine | NotFound>;

export interface FindOptions {
  /** Told what goes on, since a build takes minutes. @default nobody */
  readonly progress?: OnProgress;
}

/** The ways, in the order in which they are tried, with what a person would do to open each. */
const ways: readonly { readonly way: Way; advice(name: EngineName): string }[] = [
  { way: inEnvironment, advice: (name) => `set ${engineSpecs[name].variable} to the program` },
  { way: onPath, advice: (name) => `put ${engineSpecs[name].executables.join(' or ')} on PATH` },
  { way: inDocker, advice: (name) => `run a Docker daemon that can get ${engineSpecs[name].docker.image}` },
  { way: builtByGo, advice: (name) => `install Go 1.21 or newer, to build ${name} ${engineSpecs[name].go.version}` },
  { way: fromDebian, advice: () => 'have apt on this machine, to unpack the package of Debian' },
];

/**
 * Finds an engine: by its environment variable, on PATH, as the pinned image if a Docker daemon answers, as a build
 * of the pinned version by the Go toolchain (once, into a cache folder), as an unpacked Debian package.
 * @throws if there is none, with all these ways; or if the environment variable names something unusable
 */
export async function findEngine(name: EngineName, options: FindOptions = {}): Promise<Engine> {
  const progress = options.progress ?? (() => {});
  const tried: string[] = [];
  for (const { way, advice } of ways) {
    const found = await way(name, progress);
    if (!(found instanceof NotFound)) return found;
    tried.push(`  - ${advice(name)} (${found.reason})`);
  }
  throw new Error(`${name} is not on this machine. Any one of these helps:\n${tried.join('\n')}`);
}

/**
 * Finds several engines, one after the other: two builds at once would only share the processors.
 * @throws for all that are missing at once
 */
export async function ensureEngines<Name extends EngineName>(
  names: readonly Name[],
  progress?: OnProgress,
): Promise<Record<Name, Engine>> {
  const found: [Name, Engine][] = [];
  const failures: string[] = [];
  for (const name of names) {
    try {
      found.push([name, await findEngine(name, { progress })]);
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
  return Object.fromEntries(found) as Record<Name, Engine>;
}
