import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import which from 'which';
import type { Engine } from './engine';

export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
  /** Name of the Docker container, if the engine runs in one. */
  readonly container?: string;
}

/**
 * Returns the command line that runs an engine on this machine.
 * @param dir the only folder that an engine in a container shares with this machine, at the same path
 * @param variables names of environment variables to pass to an engine in a container
 */
export function commandLine(
  engine: Engine,
  args: readonly string[],
  dir: string,
  variables: readonly string[] = [],
): CommandLine {
  if (engine.image === undefined) return dieWithParent(engine.path, args);
  const container = `loki-alerts-${engine.name}-${randomUUID()}`;
  const user = `${process.getuid?.()}:${process.getgid?.()}`;
  const docker = ['run', '--rm', '--interactive', '--name', container, '--network', 'host', '--user', user];
  const place = ['--volume', `${dir}:${dir}`, '--workdir', dir, '--entrypoint', engine.path];
  const env = variables.flatMap((name) => ['--env', name]);
  return { command: 'docker', args: [...docker, ...env, ...place, engine.image, ...args], container };
}

/** Makes the kernel kill the program when this process dies, even with SIGKILL: Node has no option for that. */
export function dieWithParent(command: string, args: readonly string[]): CommandLine {
  setpriv ??= findSetpriv();
  return setpriv ? { command: setpriv, args: ['--pdeathsig', 'KILL', '--', command, ...args] } : { command, args };
}

let setpriv: string | undefined;

/** Path of util-linux's setpriv, or ''; the setpriv of BusyBox lacks this option. */
function findSetpriv(): string {
  const path = which.sync('setpriv', { nothrow: true });
  if (path === null) return '';
  return spawnSync(path, ['--pdeathsig', 'KILL', '--', path, '--version'], { stdio: 'ignore' }).status === 0
    ? path
    : '';
}
