import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a process is reaped: by init, if its parent has ended too. */
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
