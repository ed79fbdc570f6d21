import { GO_MEMORY_SHARE } from '../kubernetes/go';

const MEBIBYTE = 2 ** 20;

/** What a replay holds may be one of so many parts of the memory: lines arrive while it writes the rest to disk. */
const REPLAY_SHARE = 2;

/** As Loki's own 100 MB of a pod with 1 GiB. */
const CACHE_SHARE = 10;

/** What Loki takes besides: each target 130 MiB at 2,000 lines/s, and one Loki 155 MiB under the demo's flood. */
const RESIDENT = 155 * MEBIBYTE;

/**
 * Loki's `replay_memory_ceiling`: past it, a replay of the write-ahead log writes chunks rather than keep them.
 * @param memoryLimit bytes
 */
export function replayMemoryCeiling(memoryLimit: number): string {
  return `${Math.floor(memoryLimit / REPLAY_SHARE / MEBIBYTE)}MB`;
}

/**
 * Loki's `max_size_mb` of a cache in its own memory.
 * @param memoryLimit bytes
 */
export function embeddedCacheMb(memoryLimit: number): number {
  return Math.floor(memoryLimit / CACHE_SHARE / MEBIBYTE);
}

/** Least memory limit, in bytes: what Go may fill must hold Loki itself. */
export const LEAST_MEMORY = RESIDENT / GO_MEMORY_SHARE;

/**
 * The same of a Loki that replays a write-ahead log, up to its ceiling; nobody asks it meanwhile, so that caches are empty.
 * Measured on Loki 3.7.8: in a cgroup of that size (388 MiB) it took 300 MB of lines and replayed them after a SIGKILL.
 */
export const LEAST_MEMORY_WITH_REPLAY = RESIDENT / (GO_MEMORY_SHARE - 1 / REPLAY_SHARE);
