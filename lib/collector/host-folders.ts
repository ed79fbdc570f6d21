import { k8s } from 'cdk8s-plus-27';

/** Folders of the node that the collector mounts, beside the pods' log files, which it reads. */
export interface CollectorHostOptions {
  /** Mounts the folder in which the Docker runtime keeps what the pods' log files link to. @default true */
  readonly dockerLogs?: boolean;
  /**
   * Volume in which it keeps how far it has read: `host`, a folder of the node, or `emptyDir`, which goes with the pod. The
   * next pod then reads the current file of each container once more from its beginning.
   * @default 'host'
   */
  readonly positions?: 'host' | 'emptyDir';
}

/** The kubelet's folder of pod logs. */
export const POD_LOGS_PATH = '/var/log/pods';

/** Where Docker keeps the files that the links in /var/log/pods lead to; an empty folder with containerd. */
const DOCKER_LOGS_PATH = '/var/lib/docker/containers';

/** Positions are a few KB; the OpenTelemetry Collector's queue is 64 MiB, and as much again while it compacts the file. */
const POSITIONS_SIZE = '256Mi';

/** Volumes of a collector for the log files and its positions, and where they are mounted. */
export function hostFolders(positionsPath: string, { dockerLogs = true, positions = 'host' }: CollectorHostOptions) {
  const docker: k8s.Volume = {
    name: 'docker-logs',
    hostPath: { path: DOCKER_LOGS_PATH, type: 'DirectoryOrCreate' },
  };
  const kept: k8s.Volume =
    positions === 'host'
      ? { name: 'positions', hostPath: { path: positionsPath, type: 'DirectoryOrCreate' } }
      : { name: 'positions', emptyDir: { sizeLimit: k8s.Quantity.fromString(POSITIONS_SIZE) } };
  return {
    writable: { [positionsPath]: 'positions' },
    readOnly: { [POD_LOGS_PATH]: 'pod-logs', ...(dockerLogs ? { [DOCKER_LOGS_PATH]: docker.name } : {}) },
    volumes: [kept, { name: 'pod-logs', hostPath: { path: POD_LOGS_PATH } }, ...(dockerLogs ? [docker] : [])],
    /** Disk of the node that the pod takes for them, beside that for its logs. */
    ephemeralStorage: positions === 'host' ? undefined : POSITIONS_SIZE,
  };
}
