import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExit } from 'signal-exit';

/**
 * What must not outlive this process: children first, then folders. It is undone synchronously at the end of the
 * process, however that comes: normal exit, exception, SIGINT, SIGTERM, SIGHUP. Only SIGKILL leaves no chance; then
 * `dieWithParent` ends the engines on Linux and the next run sweeps the folders.
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

/** The host is part of the name: a process id says nothing in another container that shares the folder. */
const TEMP_PREFIX = `loki-alerts-${hostname()}-`;

/** Makes a folder that goes away with this process, or earlier by `removeTempFolder`. */
export function makeTempFolder(parent: string = tmpdir()): string {
  sweep(parent);
  watchForExit();
  const folder = mkdtempSync(join(parent, `${TEMP_PREFIX}${process.pid}-`));
  folders.add(folder);
  return folder;
}

/** Removes a folder of `makeTempFolder` before the process ends. */
export function removeTempFolder(folder: string): void {
  removeFolder(folder);
  folders.delete(folder);
}

/** Removes what processes that are gone by SIGKILL or a power cut left behind. */
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
    // EPERM: it lives, as somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Sends a signal to a child that was spawned `detached`, and to all that it started. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Gone between the check and the signal.
  }
}

/**
 * Ends a child (spawned `detached`) when this process ends.
 * @param container name of the Docker container that the child shows; killing the client alone would leave it
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
    // Gone already, by `docker run --rm`.
  }
}
