import type { RunningServer } from '../../../lib/engines';
import type { Machine } from './machine';
import type { Program } from './program';
import type { Surroundings } from './workload';

/** Port name of the container to the port of this machine that stands in for it. */
export type Ports = Readonly<Record<string, number>>;

export interface PodRunOptions extends Surroundings {
  /** What runs in place of the container's image. */
  readonly program: Program;
  /**
   * Arguments beside the pod's, or in place of those of the same flag: addresses, since the network is this machine's.
   * @default none
   */
  readonly args?: (ports: Ports) => readonly string[];
  /** Variables beside the pod's. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Changes files that ConfigMaps and Secrets mount, by path in the container: addresses and intervals. @default none */
  readonly edit?: Readonly<Record<string, (text: string, ports: Ports) => string>>;
  /** Files that the kubelet puts beside a service account's token, where the pod has one. @default none */
  readonly serviceAccount?: Readonly<Record<string, string>>;
  /** Folders that stand in for the node's, by the node's path. @default none */
  readonly hostPaths?: Readonly<Record<string, string>>;
  /** Other sizes of disks than the manifests', by volume name: smaller, to fill one. @default as in the manifests */
  readonly sizes?: Readonly<Record<string, string>>;
  /** Another limit of memory. @default as in the manifests */
  readonly memoryLimit?: string;
  /** Ports of this machine, where others must know them beforehand. @default any that are free */
  readonly ports?: Ports;
  /** Path that answers 200 when it is ready. @default that of the readiness probe */
  readonly readyPath?: string;
  /** Milliseconds until a pod that is not ready counts as failed. @default 60000 */
  readonly readyTimeoutMs?: number;
}

/** A pod's container that is ready. */
export interface RunningPod extends RunningServer {
  readonly ports: Ports;
  /** What this machine does not enforce of the pod's constraints is false. */
  readonly machine: Machine;
  /** Process id of the program; `pid` is that of what runs the container. */
  readonly programPid: number;
  /** Why the kubelet would have ended the pod, which has happened then. */
  evicted(): string | undefined;
  /** Where this machine sees the folder that the container has at a mount's path, or a path below. Only while it runs. */
  path(inContainer: string): string;
  /** Bytes that the file system of the volume at this mount path holds, and may hold. */
  usage(mountPath: string): { readonly used: number; readonly size: number };
  /** Gives the volume at this mount path other files, as the kubelet does after a change of its ConfigMap. */
  update(mountPath: string, files: Readonly<Record<string, string>>): void;
  /** SIGKILL: no time for anything. */
  kill(): Promise<void>;
  /** Starts the container again on the disks that it had, and waits until it is ready. */
  restart(): Promise<void>;
}
