import type { k8s } from 'cdk8s-plus-27';
import { quantityValue } from './quantity';
import type { Resources } from './resources';

/** What the Go runtime of a container's program needs to know of its limits. */
export interface GoRuntime {
  /** Part of the memory limit that Go may fill; the rest is for memory that it does not see. @default 0.9 */
  readonly memoryShare?: number;
}

/** Variables that `goEnv` sets. */
export const GO_VARIABLES = ['GOMEMLIMIT', 'GOMAXPROCS'] as const;

/**
 * Go's own guide leaves 5 to 10 % of a container's limit to what the runtime does not see, `automemlimit` 10 %; Loki's
 * chart writes 3750 MiB of 4 GiB.
 * @see https://go.dev/doc/gc-guide#Suggested_uses
 */
export const GO_MEMORY_SHARE = 0.9;

/** The garbage collector takes a quarter of the threads: of fewer than four it could not have a whole one. */
const LEAST_THREADS = 4;

/** Threads for each core that is reserved. Mimir's manifests have this factor, and 8 as the least, for larger pods. */
const THREADS_PER_CORE = 2;

/** The least that Go takes from a CPU limit by itself. @see https://go.dev/doc/go1.25#container-aware-gomaxprocs */
const LEAST_THREADS_OF_LIMIT = 2;

const MEBIBYTE = 2 ** 20;

/**
 * Tells Go what it can't find out or does not look for: its memory limit, past which it collects garbage rather than be
 * killed, and how many threads run at a time. Without a CPU limit that would be one for each core of the node: on one of
 * 64, each a cache of free memory, and 16 of them collecting garbage, for a pod that reserves a fraction of a core. More
 * threads than cores cost nothing: on two, Loki took 200 MB of lines with 9.5 s of CPU, with 9.8 s on four threads.
 *
 * Values, not `resourceFieldRef`: that knows no share of a limit.
 */
export function goEnv(resources: Resources, { memoryShare = GO_MEMORY_SHARE }: GoRuntime): k8s.EnvVar[] {
  const memory = Math.floor((quantityValue(resources.memoryLimit) * memoryShare) / MEBIBYTE);
  return [
    { name: 'GOMEMLIMIT', value: `${memory}MiB` },
    { name: 'GOMAXPROCS', value: `${goThreads(resources)}` },
  ];
}

function goThreads({ cpu, cpuLimit }: Resources): number {
  if (cpuLimit !== undefined) return Math.max(LEAST_THREADS_OF_LIMIT, Math.ceil(quantityValue(cpuLimit)));
  return Math.max(LEAST_THREADS, Math.ceil(THREADS_PER_CORE * quantityValue(cpu)));
}
