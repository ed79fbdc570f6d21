import { kubectl } from '../../lib/demo-run/kubectl';
import { namespaces } from './objects';
import type { Run } from './run';

/** Usage of a pod, as reported by its kubelet. */
export interface PodUsage {
  readonly pod: string;
  /** Unix time of the CPU figure in milliseconds. */
  readonly time: number;
  /** CPU time since the start of the pod. */
  readonly cpuSeconds: number;
  /** Working set in bytes: memory that can't be reclaimed. */
  readonly memory: number;
  /** Ephemeral storage in bytes: log files, writable layer, emptyDirs. */
  readonly disk: number;
}

/** The kubelet's summary. @see https://github.com/kubernetes/kubelet/blob/master/pkg/apis/stats/v1alpha1/types.go */
interface Summary {
  readonly pods: readonly {
    readonly podRef: { readonly name: string; readonly namespace: string };
    readonly cpu?: { readonly time: string; readonly usageCoreNanoSeconds?: number };
    readonly memory?: { readonly workingSetBytes?: number };
    readonly 'ephemeral-storage'?: { readonly usedBytes?: number };
  }[];
}

/** Returns the usage of all pods in these namespaces. @throws if the account has no access to the kubelets */
export async function podUsage(namespaces: readonly string[]): Promise<PodUsage[]> {
  const nodes = (await kubectl('get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}')).trim().split(' ');
  const summaries = await Promise.all(
    nodes.map((node) => kubectl('get', '--raw', `/api/v1/nodes/${node}/proxy/stats/summary`)),
  );
  return summaries.flatMap((summary) => readSummary(JSON.parse(summary) as Summary, namespaces));
}

export function readSummary({ pods }: Summary, namespaces: readonly string[]): PodUsage[] {
  return pods.flatMap(({ podRef, cpu, memory, 'ephemeral-storage': disk }) => {
    if (!namespaces.includes(podRef.namespace) || !cpu) return [];
    return {
      pod: podRef.name,
      time: Date.parse(cpu.time),
      cpuSeconds: (cpu.usageCoreNanoSeconds ?? 0) / 1e9,
      memory: memory?.workingSetBytes ?? 0,
      disk: disk?.usedBytes ?? 0,
    };
  });
}

/** Returns the current usage of the stack's pods; [] if the account has no access to the kubelets. */
export async function currentUsage({ manifests, onProgress }: Run): Promise<PodUsage[]> {
  try {
    return await podUsage(namespaces(manifests));
  } catch (error) {
    onProgress(`No usage of CPU and memory: ${(error as Error).message}`);
    return [];
  }
}

/** Adds the usage of each pod since `before` to the report. */
export async function recordUsage(run: Run, phase: string, before: readonly PodUsage[]): Promise<void> {
  const used = usageBetween(before, await currentUsage(run));
  for (const [pod, figure] of Object.entries(used)) run.report.figures[`${phase}: ${pod}`] = figure;
}

/**
 * Returns the usage of each pod between two samples: `loki-0: 9m CPU, 71 MiB memory, 0.1 MiB disk`. Pods that are only
 * in one, or have no new sample, are omitted.
 */
export function usageBetween(before: readonly PodUsage[], after: readonly PodUsage[]): Record<string, string> {
  const figures = after.flatMap(({ pod, time, cpuSeconds, memory, disk }) => {
    const old = before.find((candidate) => candidate.pod === pod);
    if (!old || time <= old.time) return [];
    const cpu = (1e6 * (cpuSeconds - old.cpuSeconds)) / (time - old.time);
    return [[pod, `${cpu.toFixed(1)}m CPU, ${mebibytes(memory)} MiB memory, ${mebibytes(disk)} MiB disk`]];
  });
  return Object.fromEntries(figures);
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
