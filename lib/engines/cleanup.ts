import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExit } from 'signal-exit';

/**
 * Child processes and folders that must not outlive this process. They are removed synchronously, children first, on
 * normal exit, exception, SIGINT, SIGTERM and SIGHUP. After SIGKILL, `dieWithParent` ends the engines on Linux and the
 * next run removes the folders.
 */
const children = new Set<() => void>();
const folders = new Set<string>();
const swept = new Set<string>();

let watching = false;
function watchForExit(): void {
  if (watching) return;
  watching = true;
  onExit(() => {
    for (const kill of children) kill();
    for (const folder of folders) removeFolder(folder);
  });
}

function removeFolder(folder: string): void {
  // A process that was just killed may still write for a moment.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/** Includes the host name: a process id is meaningless in another container that shares the folder. */
const TEMP_PREFIX = `loki-alerts-${hostname()}-`;

/** Creates a folder that is removed when this process ends, or earlier with `removeTempFolder`. */
export function makeTempFolder(parent: string = tmpdir()): string {
  sweep(parent);
  watchForExit();
  const folder = mkdtempSync(join(parent, `${TEMP_PREFIX}${process.pid}-`));
  folders.add(folder);
  return folder;
}

/** Removes a folder created by `makeTempFolder` before the process ends. */
export function removeTempFolder(folder: string): void {
  removeFolder(folder);
  folders.delete(folder);
}

/** Removes folders left behind by processes that ended with SIGKILL or a power cut. */
function sweep(parent: string): void {
  if (swept.has(parent)) return;
  swept.add(parent);
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(TEMP_PREFIX)) continue;
    const pid = Number.parseInt(name.slice(TEMP_PREFIX.length), 10);
    if (!isAlive(pid)) removeFolder(join(parent, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process is alive and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Sends a signal to a child that was spawned `detached`, and to its descendants. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended between the check and the signal.
  }
}

/**
 * Ends a child (spawned `detached`) when this process ends.
 * @param container name of the Docker container that the child is attached to; killing the client does not stop it
 */
export function endWithProcess(child: ChildProcess, container?: string): void {
  watchForExit();
  const kill = () => {
    signalGroup(child, 'SIGKILL');
    if (container) removeContainer(container);
  };
  children.add(kill);
  child.once('exit', () => children.delete(kill));
}

/** Removes a Docker container, running or not. */
export function removeContainer(container: string): void {
  try {
    execFileSync('docker', ['rm', '--force', container], { stdio: 'ignore' });
  } catch {
    // Already removed by `docker run --rm`.
  }
}
