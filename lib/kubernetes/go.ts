import type { EnvVar } from './pod-fields';
import { quantityValue } from './quantity';
import type { Resources } from './resources';

/** Settings of the Go runtime of a container. */
export interface GoRuntime {
  /** Share of the memory limit for Go's heap; the rest is for memory outside of the runtime. @default 0.9 */
  readonly memoryShare?: number;
}

/** Variables that `goEnv` sets. */
export const GO_VARIABLES = ['GOMEMLIMIT', 'GOMAXPROCS'] as const;

/**
 * Go's guide leaves 5 to 10 % of a container's limit to memory outside of the runtime, `automemlimit` 10 %; Loki's
 * chart sets 3750 MiB of 4 GiB.
 * @see https://go.dev/doc/gc-guide#Suggested_uses
 */
export const GO_MEMORY_SHARE = 0.9;

/** The garbage collector uses a quarter of the threads, and needs at least a whole one. */
const MIN_THREADS = 4;

/** Threads per requested core. Mimir's manifests have the same factor, and a minimum of 8, for larger pods. */
const THREADS_PER_CORE = 2;

/** Minimum that Go derives from a CPU limit. @see https://go.dev/doc/go1.25#container-aware-gomaxprocs */
const MIN_THREADS_OF_LIMIT = 2;

const MEBIBYTE = 2 ** 20;

/**
 * Returns environment variables for limits that Go does not detect: its memory limit, near which it collects garbage,
 * and the number of threads. Without a CPU limit, Go starts one per core of the node: on 64 cores, each has a cache of
 * free memory, and 16 collect garbage, for a pod that requests a fraction of a core. More threads than cores cost
 * little: on two cores, Loki ingested 200 MB of lines with 9.5 s of CPU on two threads, and with 9.8 s on four.
 *
 * `resourceFieldRef` cannot express a share of a limit.
 */
export function goEnv(resources: Resources, { memoryShare = GO_MEMORY_SHARE }: GoRuntime): EnvVar[] {
  const memory = Math.floor((quantityValue(resources.memoryLimit) * memoryShare) / MEBIBYTE);
  return [
    { name: 'GOMEMLIMIT', value: `${memory}MiB` },
    { name: 'GOMAXPROCS', value: `${goThreads(resources)}` },
  ];
}

function goThreads({ cpu, cpuLimit }: Resources): number {
  if (cpuLimit !== undefined) return Math.max(MIN_THREADS_OF_LIMIT, Math.ceil(quantityValue(cpuLimit)));
  return Math.max(MIN_THREADS, Math.ceil(THREADS_PER_CORE * quantityValue(cpu)));
}
