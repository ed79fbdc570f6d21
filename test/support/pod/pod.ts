import type { RunningServer } from '../../../lib/engines';
import type { Machine } from './machine';
import type { Program } from './program';
import type { PodContext } from './workload';

/** Ports on this machine by port name of the container. */
export type Ports = Readonly<Record<string, number>>;

export interface PodRunOptions extends PodContext {
  /** Program on this machine that runs instead of the container's image. */
  readonly program: Program;
  /**
   * Additional arguments; each replaces the pod's with the same flag. For addresses, because the network is shared.
   * @default none
   */
  readonly args?: (ports: Ports) => readonly string[];
  /** Additional environment variables. @default none */
  readonly env?: Readonly<Record<string, string>>;
  /** Edits of mounted ConfigMaps and Secrets by path in the container, for addresses and intervals. @default none */
  readonly edit?: Readonly<Record<string, (text: string, ports: Ports) => string>>;
  /** Files in the folder of the service account's token, if the pod has one. @default none */
  readonly serviceAccount?: Readonly<Record<string, string>>;
  /** Folders on this machine by path on the node. @default none */
  readonly hostPaths?: Readonly<Record<string, string>>;
  /** Sizes of disks by volume name, for example to fill one. @default as in the manifests */
  readonly sizes?: Readonly<Record<string, string>>;
  /** Memory limit. @default as in the manifests */
  readonly memoryLimit?: string;
  /** Ports on this machine, if they must be known beforehand. @default any free ports */
  readonly ports?: Ports;
  /** Names of ports that the program needs and the pod does not declare. @default none */
  readonly undeclaredPorts?: readonly string[];
  /** Path that returns 200 once the program is ready. @default the path of the readiness probe */
  readonly readyPath?: string;
  /** Time for the pod to become ready, in milliseconds. @default 60000 */
  readonly readyTimeoutMs?: number;
}

/** A ready container of a pod. */
export interface RunningPod extends RunningServer {
  readonly ports: Ports;
  /** Constraints of the pod that this machine enforces. */
  readonly machine: Machine;
  /** Process id of the program; `pid` is that of the container's runtime. */
  readonly programPid: number;
  /** Returns why the pod was evicted, if it was. */
  evicted(): string | undefined;
  /**
   * Returns the path on this machine of a mounted folder in the container, or a path in it. Requires a running
   * container.
   */
  path(inContainer: string): string;
  /** Returns used bytes and size of the file system at a mount path. */
  usage(mountPath: string): { readonly used: number; readonly size: number };
  /** Replaces the files at a mount path, like the kubelet after a change of the ConfigMap. */
  update(mountPath: string, files: Readonly<Record<string, string>>): void;
  /** Sends SIGKILL. */
  kill(): Promise<void>;
  /** Restarts the container with the same disks, and waits until it is ready. */
  restart(): Promise<void>;
}
