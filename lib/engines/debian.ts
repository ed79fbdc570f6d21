import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOlder } from '../versions/version';
import { cached } from './cache';
import { type Engine, type EngineName, engineSpecs, type OnProgress } from './engine';
import { NotFound } from './not-found';
import { runCommand } from './run';
import { readVersion } from './version';

/** Keys that sign Debian's suites. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Returns the engine from Debian. Its package is unpacked into the cache folder, not installed, so no root is needed
 * and no daemon starts. If this machine's suite is too old, the package comes from unstable (sid), via the machine's
 * mirror.
 */
export async function fromDebian(name: EngineName, progress: OnProgress): Promise<Engine | NotFound> {
  const { debian, oldest } = engineSpecs[name];
  if (!debian) return new NotFound(`Debian has no ${name} that runs without installation`);
  if ((await apt('dpkg', ['--version'])) === undefined || (await apt('apt-get', ['--version'])) === undefined) {
    return new NotFound('apt-get or dpkg is not on PATH');
  }
  try {
    const folder = await cached(`${name}-debian`, progress, (target, scratch) =>
      unpack(name, debian.packages, oldest.version, target, scratch, progress),
    );
    const path = join(folder, debian.path);
    const version = await readVersion(name, path);
    return version instanceof NotFound ? version : { name, version, source: 'debian', path };
  } catch (error) {
    return new NotFound((error as Error).message);
  }
}

async function unpack(
  name: EngineName,
  packages: readonly string[],
  oldest: string,
  target: string,
  scratch: string,
  progress: OnProgress,
): Promise<void> {
  const found = (await newestOf(packages, oldest, [])) ?? (await inUnstable(packages, oldest, scratch, progress));
  if (!found) throw new Error(`neither this machine's apt sources nor Debian unstable has ${name} ${oldest} or newer`);
  progress(`unpacking the Debian package ${found.package} ${found.version}`);
  await aptOrThrow('apt-get', ['-q', ...found.options, 'download', found.package], scratch);
  const file = readdirSync(scratch).find((entry) => entry.endsWith('.deb'));
  if (!file) throw new Error(`apt-get download ${found.package} left no file`);
  await aptOrThrow('dpkg', ['-x', join(scratch, file), target], scratch);
}

interface Candidate {
  readonly package: string;
  readonly version: string;
  /** apt options that select the sources in which it was found. */
  readonly options: readonly string[];
}

async function newestOf(
  packages: readonly string[],
  oldest: string,
  options: readonly string[],
): Promise<Candidate | undefined> {
  const policy = await apt('apt-cache', [...options, 'policy', ...packages]);
  for (const [, name = '', version = ''] of (policy ?? '').matchAll(/^(\S+):\n.*\n +Candidate: (?:\d+:)?(\d\S+)/gm)) {
    if (!isOlder(version, oldest)) return { package: name, version, options };
  }
  return undefined;
}

/** Reads the package list of unstable into a separate apt state: the machine's own stays unchanged. */
async function inUnstable(
  packages: readonly string[],
  oldest: string,
  scratch: string,
  progress: OnProgress,
): Promise<Candidate | undefined> {
  const origin = ['Created-By: Packages', 'Origin: Debian', 'Label: Debian'];
  const mirrors = await apt('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...origin]);
  const mirror = mirrors?.split('\n').find((line) => line);
  if (!mirror) return undefined;
  progress(`reading the package list of Debian unstable from ${mirror}`);
  const state = join(scratch, 'apt');
  for (const folder of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(state, folder), { recursive: true });
  writeFileSync(join(state, 'sid.list'), `deb [signed-by=${KEYRING}] ${mirror} sid main\n`);
  const settings = {
    'Dir::Etc::sourcelist': join(state, 'sid.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(state, 'lists'),
    'Dir::Cache': join(state, 'cache'),
    // The user _apt can't write to a folder of another user.
    'APT::Sandbox::User': 'root',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await aptOrThrow('apt-get', ['-q', ...options, 'update'], scratch);
  return newestOf(packages, oldest, options);
}

/** Returns a command's output, or undefined if it is not installed or fails. */
async function apt(command: string, args: readonly string[]): Promise<string | undefined> {
  const output = await runCommand({ command, args }).catch(() => undefined);
  return output?.code === 0 ? output.stdout : undefined;
}

async function aptOrThrow(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, stderr } = await runCommand({ command, args }, { cwd });
  if (code !== 0) throw new Error(`${command} failed: ${stderr.trim().split('\n').at(-1)}`);
}
