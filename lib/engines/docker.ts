import { type Engine, type EngineName, engineSpecs, type OnProgress } from './engine';
import { NotFound } from './not-found';
import { runCommand } from './run';
import { parseVersion } from './version';

/**
 * Returns the engine in its pinned image, if a Docker daemon answers. It needs host networking, which only Linux has.
 */
export async function inDocker(name: EngineName, progress: OnProgress): Promise<Engine | NotFound> {
  const { image, path } = engineSpecs[name].docker;
  if (process.platform !== 'linux') return new NotFound('needs host networking, which is only available on Linux');
  const unreachable = await failure(['info']);
  if (unreachable) return new NotFound(unreachable);
  if (await failure(['image', 'inspect', image])) {
    progress(`pulling ${image}`);
    const refused = await failure(['pull', '--quiet', image]);
    if (refused) return new NotFound(refused);
  }
  const { stdout, stderr } = await runCommand({
    command: 'docker',
    args: ['run', '--rm', '--network', 'none', '--entrypoint', path, image, '--version'],
  });
  const version = parseVersion(name, stdout + stderr);
  if (version === undefined) return new NotFound(`${image} does not run: ${lastLine(stderr)}`);
  return { name, version, source: 'docker', path, image };
}

/** Returns Docker's error, or undefined if the command succeeds. */
async function failure(args: readonly string[]): Promise<string | undefined> {
  try {
    const { code, stderr } = await runCommand({ command: 'docker', args });
    return code === 0 ? undefined : `docker ${args[0]}: ${lastLine(stderr)}`;
  } catch {
    return 'docker is not on PATH';
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
