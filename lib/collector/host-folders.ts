import { k8s } from 'cdk8s-plus-27';

/** Folders of the node that the collector mounts, besides the log files of the pods. */
export interface CollectorHostOptions {
  /** Mounts Docker's folder of container logs, to which the log files of the pods link. @default true */
  readonly dockerLogs?: boolean;
  /**
   * Volume for the read positions: `host` is a folder on the node; `emptyDir` is deleted with the pod, and the next pod
   * reads the current log file of each container from the beginning again.
   * @default 'host'
   */
  readonly positions?: 'host' | 'emptyDir';
}

/** The kubelet's folder of pod logs. */
export const POD_LOGS_PATH = '/var/log/pods';

/** Folder of the files that the symlinks in /var/log/pods point to with Docker; empty with containerd. */
const DOCKER_LOGS_PATH = '/var/lib/docker/containers';

/**
 * Folders and a file of systemd's journal: it is in memory or on disk, and libsystemd only reads the files that have the
 * id of the machine. `/var/log/journal` itself is not mounted: the container runtime would create it, and with that the
 * node would begin to store its journal.
 */
const JOURNAL: readonly { readonly name: string; readonly path: string; readonly type?: string }[] = [
  { name: 'journal-disk', path: '/var/log' },
  { name: 'journal-memory', path: '/run/log/journal', type: 'DirectoryOrCreate' },
  { name: 'machine-id', path: '/etc/machine-id', type: 'File' },
];

/** Positions take a few KB; the OpenTelemetry Collector's queue 64 MiB, and twice that while its file is compacted. */
const POSITIONS_SIZE = '256Mi';

/** Returns a collector's volumes for the log files and its positions, and their mount paths. */
export function hostFolders(
  positionsPath: string,
  { dockerLogs = true, positions = 'host' }: CollectorHostOptions,
  journald = false,
) {
  const journal = journald ? JOURNAL : [];
  const docker: k8s.Volume = {
    name: 'docker-logs',
    hostPath: { path: DOCKER_LOGS_PATH, type: 'DirectoryOrCreate' },
  };
  const positionsVolume: k8s.Volume =
    positions === 'host'
      ? { name: 'positions', hostPath: { path: positionsPath, type: 'DirectoryOrCreate' } }
      : { name: 'positions', emptyDir: { sizeLimit: k8s.Quantity.fromString(POSITIONS_SIZE) } };
  return {
    writable: { [positionsPath]: 'positions' },
    readOnly: {
      [POD_LOGS_PATH]: 'pod-logs',
      ...(dockerLogs ? { [DOCKER_LOGS_PATH]: docker.name } : {}),
      ...Object.fromEntries(journal.map(({ name, path }) => [path, name])),
    },
    volumes: [
      positionsVolume,
      { name: 'pod-logs', hostPath: { path: POD_LOGS_PATH } },
      ...(dockerLogs ? [docker] : []),
      ...journal.map(({ name, path, type }) => ({ name, hostPath: { path, type } })),
    ],
    /** Disk of the node that the pod needs for them, in addition to its logs. */
    ephemeralStorage: positions === 'host' ? undefined : POSITIONS_SIZE,
  };
}
