/** Resource requests and limits of a container, as Kubernetes quantities. */
export interface Resources {
  /** CPU request. */
  readonly cpu: string;
  /** CPU limit, above which the container is throttled. @default none: it would slow down a pod even on an idle node */
  readonly cpuLimit?: string;
  /** Memory request. */
  readonly memory: string;
  /** Memory limit, above which the container is killed. */
  readonly memoryLimit: string;
  /**
   * Request and limit of ephemeral storage, above which the pod is evicted.
   * @default the maximum of its log and emptyDirs
   */
  readonly ephemeralStorage?: string;
}
