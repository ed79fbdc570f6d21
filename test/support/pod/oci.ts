import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { quantity } from '../../manifests/kubernetes';
import type { Program } from './program';
import type { Container, PodSpec } from './workload';

/** A folder on this machine and its path in the container. */
export interface BindMount {
  readonly source: string;
  readonly destination: string;
  readonly readOnly: boolean;
}

export interface OciProps {
  readonly pod: PodSpec;
  readonly container: Container;
  readonly hostname: string;
  readonly program: Pick<Program, 'source' | 'path'>;
  readonly workingDir: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly BindMount[];
  readonly cgroup: string;
  /** Constraints to enforce: memory limit; user and groups of the pod. */
  readonly enforce: { readonly memory: boolean; readonly users: boolean };
}

/** Files that the kubelet and the runtime mount in every container, besides /proc, /dev and /sys. */
const NODE_FILES = ['/etc/hosts', '/etc/resolv.conf', '/etc/ssl', '/usr/share/ca-certificates'];

/** Libraries for dynamically linked programs; the images have statically linked ones. */
const LIBRARIES = ['/lib', '/lib64', '/usr/lib'];

const TMPFS = ['nosuid', 'noexec', 'nodev'];

/**
 * Returns the OCI configuration of a container, like that of a pod: the root file system only has the program. It uses
 * the network of this machine, so that a test reaches it on loopback.
 * @see https://github.com/opencontainers/runtime-spec/blob/main/config.md
 */
export function ociConfig(props: OciProps): object {
  const { pod, container, program, enforce } = props;
  const { runAsUser, runAsGroup, fsGroup } = pod.securityContext;
  const { readOnlyRootFilesystem, allowPrivilegeEscalation, capabilities } = container.securityContext;
  if (capabilities.drop.join() !== 'ALL') throw new Error('a container that keeps capabilities is not supported');
  const memory = quantity(container.resources.limits.memory);
  return {
    ociVersion: '1.0.2',
    hostname: props.hostname,
    root: { path: 'rootfs', readonly: readOnlyRootFilesystem },
    process: {
      user: enforce.users
        ? { uid: runAsUser, gid: runAsGroup, additionalGids: fsGroup === undefined ? [] : [fsGroup] }
        : { uid: 0, gid: 0 },
      args: [program.path, ...props.args],
      env: Object.entries(props.env).map(([name, value]) => `${name}=${value}`),
      cwd: props.workingDir,
      capabilities: {},
      noNewPrivileges: !allowPrivilegeEscalation,
    },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: TMPFS },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=65536k'] },
      { destination: '/dev/shm', type: 'tmpfs', source: 'shm', options: [...TMPFS, 'mode=1777', 'size=65536k'] },
      ...[...NODE_FILES, ...(isDynamic(program.source) ? LIBRARIES : [])]
        .filter((path) => existsSync(path))
        .map((path) => bind(path, path, true)),
      bind(program.source, program.path, true),
      // Parent folders first, regardless of the order in the manifest: /etc/loki before /etc/loki/rules.
      ...[...props.mounts]
        .sort((a, b) => a.destination.length - b.destination.length)
        .map(({ source, destination, readOnly }) => bind(source, destination, readOnly)),
    ],
    linux: {
      namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })),
      cgroupsPath: props.cgroup,
      // Includes swap, because a node has none.
      ...(enforce.memory ? { resources: { memory: { limit: memory, swap: memory } } } : {}),
      maskedPaths: ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/proc/sched_debug', '/proc/scsi'],
      readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    },
  };
}

function bind(source: string, destination: string, readOnly: boolean) {
  return { type: 'bind', source, destination, options: ['rbind', readOnly ? 'ro' : 'rw'] };
}

/** Returns whether a program needs a dynamic loader: its path is in the first page of the ELF file. */
function isDynamic(path: string): boolean {
  const page = Buffer.alloc(4096);
  const file = openSync(path, 'r');
  readSync(file, page);
  closeSync(file);
  return page.includes('/ld-linux') || page.includes('/ld-musl');
}
