import { setTimeout as sleep } from 'node:timers/promises';

/** A killed process stays visible until it is reaped: by init, when its parent is gone too. */
export async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(10);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
