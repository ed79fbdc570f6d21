import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Engine } from './engine';

export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
  /** Name of the Docker container, if the engine runs in one. */
  readonly container?: string;
}

/**
 * How an engine is called on this machine.
 * @param dir the only folder that an engine in a container shares with this machine, under the same path
 */
export function commandLine(engine: Engine, args: readonly string[], dir: string): CommandLine {
  if (engine.image === undefined) return dieWithParent(engine.path, args);
  const container = `loki-alerts-${engine.name}-${randomUUID()}`;
  const user = `${process.getuid?.()}:${process.getgid?.()}`;
  const docker = ['run', '--rm', '--interactive', '--name', container, '--network', 'host', '--user', user];
  const place = ['--volume', `${dir}:${dir}`, '--workdir', dir, '--entrypoint', engine.path];
  return { command: 'docker', args: [...docker, ...place, engine.image, ...args], container };
}

/** Lets the kernel kill the program when this process dies, even by SIGKILL: Node itself can't ask for that. */
export function dieWithParent(command: string, args: readonly string[]): CommandLine {
  if (!hasSetpriv()) return { command, args };
  return { command: 'setpriv', args: ['--pdeathsig', 'KILL', '--', command, ...args] };
}

let setpriv: boolean | undefined;
/** Whether util-linux's setpriv is there; BusyBox has one of the same name without this option. */
function hasSetpriv(): boolean {
  setpriv ??= spawnSync('setpriv', ['--pdeathsig', 'KILL', '--', 'true'], { stdio: 'ignore' }).status === 0;
  return setpriv;
}
