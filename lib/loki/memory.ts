import { GO_MEMORY_SHARE } from '../kubernetes/go';

const MEBIBYTE = 2 ** 20;

/** Divisor of the memory limit for a replay: new lines arrive while it writes the rest to disk. */
const REPLAY_SHARE = 2;

/** Divisor of the memory limit for a cache: about Loki's default of 100 MB for 1 GiB. */
const CACHE_SHARE = 10;

/** Other memory of Loki: 130 MiB per target at 2,000 lines/s, 155 MiB in a single Loki under the demo's flood. */
const RESIDENT = 155 * MEBIBYTE;

/**
 * Returns Loki's `replay_memory_ceiling`, above which a replay of the write-ahead log flushes chunks.
 * @param memoryLimit bytes
 */
export function replayMemoryCeiling(memoryLimit: number): string {
  return `${Math.floor(memoryLimit / REPLAY_SHARE / MEBIBYTE)}MB`;
}

/**
 * Returns Loki's `max_size_mb` of an embedded cache.
 * @param memoryLimit bytes
 */
export function embeddedCacheMb(memoryLimit: number): number {
  return Math.floor(memoryLimit / CACHE_SHARE / MEBIBYTE);
}

/** Minimum memory limit in bytes: the part that Go may use must be large enough for Loki itself. */
export const MIN_MEMORY = RESIDENT / GO_MEMORY_SHARE;

/**
 * Minimum memory limit in bytes for a replay of the write-ahead log up to its ceiling. Caches are empty then, since
 * there are no queries. Measured on Loki 3.7.8 in a cgroup of that size (388 MiB): it ingested 300 MB of lines and
 * replayed them after a SIGKILL.
 */
export const MIN_MEMORY_WITH_REPLAY = RESIDENT / (GO_MEMORY_SHARE - 1 / REPLAY_SHARE);
