/** What a container asks for and may use at most. Every figure is a Kubernetes quantity. */
export interface Resources {
  /** CPU that is reserved. */
  readonly cpu: string;
  /** CPU past which the container waits. @default none: it would slow a pod down while the node is idle */
  readonly cpuLimit?: string;
  /** Memory that is reserved. */
  readonly memory: string;
  /** Memory past which the container is killed. */
  readonly memoryLimit: string;
  /** Disk of the node, past which the pod is evicted. @default what its log and its emptyDirs can hold */
  readonly ephemeralStorage?: string;
}
