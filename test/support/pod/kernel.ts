import { readdirSync, readFileSync } from 'node:fs';

// State of a process in the kernel, to compare it with the pod.

/** Returns the id of a process's child, started by any of its threads, unless it has ended. */
export function childOf(pid: number): number | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const children = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'));
    return Number.parseInt(children.join(''), 10) || undefined;
  } catch {
    return undefined;
  }
}

/** Returns the process's status by name, such as `Uid` or `CapEff`. */
export function statusOf(pid: number): Record<string, string> {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map((line) => line.split(/:\s*/, 2) as [string, string]));
}

/** Returns the writable mount points, except those of the kernel's own file systems. */
export function writableMounts(pid: number): string[] {
  return readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .filter(
      ([, , , , at = '', options = '']) => options.split(',').includes('rw') && !/^\/(proc|dev|sys)(\/|$)/.test(at),
    )
    .map(([, , , , at = '']) => at);
}

/** Returns the memory limit of the process's cgroup in bytes, for cgroup v1 and v2. */
export function memoryLimitOf(pid: number): number {
  const [, path = ''] = /^\d+:(?:memory|):(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8')) ?? [];
  for (const file of [`memory${path}/memory.limit_in_bytes`, `${path}/memory.max`]) {
    try {
      return Number(readFileSync(`/sys/fs/cgroup/${file}`, 'utf8'));
    } catch {
      // The other cgroup version.
    }
  }
  throw new Error(`process ${pid} has no memory limit`);
}
