import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import which from 'which';
import { makeTempFolder, removeTempFolder } from '../../../lib/engines/cleanup';
import { type CommandLine, dieWithParent } from '../../../lib/engines/command';
import { runCommand } from '../../../lib/engines/run';
import { ociConfig } from './oci';

/** Constraints of a pod that this machine can enforce. */
export interface Machine {
  /** Run in a user namespace, because this process is not root. */
  readonly userNamespace: boolean;
  /** User and groups of the pod. */
  readonly users: boolean;
  /** Sizes of volumes, with one file system each. */
  readonly disks: boolean;
  /** Memory limit, with a cgroup. */
  readonly memory: boolean;
}

const ROOT: Machine = { userNamespace: false, users: true, disks: true, memory: true };

/** In descending order; the first that works is used. CI containers often have no writable cgroups or loop devices. */
const KINDS: readonly Machine[] = [
  ...(process.getuid?.() === 0
    ? [ROOT, { ...ROOT, memory: false }, { ...ROOT, disks: false }, { ...ROOT, memory: false, disks: false }]
    : []),
  { userNamespace: true, users: false, disks: false, memory: false },
];

/** In CI, a constraint that is not enforced is a failure, because the output of passing tests is not read. */
export const REQUIRED = process.env.CI !== undefined && process.env.CI !== 'false';

let cached: Promise<Machine | undefined> | undefined;

/**
 * Returns the constraints that this machine can enforce, by running a container. Prints missing constraints once.
 * @returns undefined if no container runs at all
 * @throws in CI, if a constraint is not enforced
 */
export function machine(): Promise<Machine | undefined> {
  cached ??= findMachine();
  return cached;
}

async function findMachine(): Promise<Machine | undefined> {
  const tools = ['runc', 'unshare', 'mkfs.ext4'].filter((tool) => tool !== 'mkfs.ext4' && !toolPath(tool));
  let reason = tools.length > 0 ? `${tools.join(' and ')} not on PATH: install the packages runc and util-linux` : '';
  for (const kind of reason ? [] : KINDS) {
    const failure = await probe(kind);
    if (failure === undefined) {
      const missing = [
        ...(kind.users ? [] : ["the pod's user and groups"]),
        ...(kind.disks ? [] : ['sizes of volumes and ephemeral storage']),
        ...(kind.memory ? [] : ['memory limits']),
      ];
      if (missing.length > 0) report(`not enforced on this machine: ${missing.join('; ')} (${reason})`);
      return kind;
    }
    reason = reason || failure;
  }
  report(`skipping tests of pods (${reason})`);
  return undefined;
}

function report(message: string): void {
  const advice = 'Run them as root, with runc, loop devices and cgroups.';
  if (REQUIRED) throw new Error(`${message}. ${advice}`);
  process.stderr.write(`pods: ${message}. ${advice}\n`);
}

/** Returns the path of a tool, including the folders that are not on the PATH of a Debian user. */
export function toolPath(tool: string): string | undefined {
  return which.sync(tool, { nothrow: true, path: `${process.env.PATH}:/usr/sbin:/sbin` }) ?? undefined;
}

/** Runs an empty container with the constraints. @returns the error, or undefined if it succeeds */
async function probe(kind: Machine): Promise<string | undefined> {
  const dir = makeTempFolder();
  try {
    const config = ociConfig({
      pod: { securityContext: { runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 }, containers: [] },
      container: {
        name: 'probe',
        resources: { requests: {}, limits: { memory: '64Mi' } },
        securityContext: {
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
      },
      hostname: 'probe',
      program: { source: which.sync('true'), path: '/true' },
      workingDir: '/',
      args: [],
      env: {},
      mounts: [],
      cgroup: nextCgroup(),
      enforce: kind,
    });
    const disks = kind.disks ? [makeDisk(dir, { name: 'probe', bytes: 2 ** 20, ephemeral: true })] : [];
    const { code, stderr, stdout } = await runCommand(runLine(dir, kind, config, disks));
    return code === 0 ? undefined : (stderr + stdout).trim().split('\n').at(-1);
  } catch (error) {
    return (error as Error).message.trim().split('\n').at(-1);
  } finally {
    removeTempFolder(dir);
  }
}

/** A file system in a file, and its mount point. */
export interface DiskImage {
  readonly image: string;
  readonly folder: string;
  readonly ephemeral: boolean;
}

/** Creates an empty file system in a sparse file. It is not a tmpfs, which would count as the pod's memory. */
export function makeDisk(dir: string, disk: { name: string; bytes: number; ephemeral: boolean }): DiskImage {
  const made = {
    image: join(dir, `${disk.name}.img`),
    folder: join(dir, 'volumes', disk.name),
    ephemeral: disk.ephemeral,
  };
  mkdirSync(made.folder, { recursive: true });
  const mkfs = toolPath('mkfs.ext4');
  if (mkfs === undefined) throw new Error('mkfs.ext4 is not on PATH: install the package e2fsprogs');
  const options = ['-q', '-m', '0', '-O', '^has_journal', '-E', 'lazy_itable_init=1'];
  execFileSync(mkfs, [...options, made.image, `${Math.ceil(disk.bytes / 1024)}k`]);
  return made;
}

/**
 * Returns the command line of a container. It runs in its own mount and process namespaces, so that mounts and
 * processes end with it, even if this process is killed.
 * @param dir folder of the container, to which the runtime's files are written
 * @param group group that owns the disks. @default root
 */
export function runLine(
  dir: string,
  { userNamespace }: Machine,
  config: object,
  disks: readonly DiskImage[],
  group?: number,
): CommandLine {
  mkdirSync(join(dir, 'rootfs', 'tmp'), { recursive: true });
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  const mounts = disks.flatMap(({ image, folder, ephemeral }) => [
    `mount -o loop ${quote(image)} ${quote(folder)}`,
    `chown 0:${group ?? 0} ${quote(folder)}`,
    // Same modes as an emptyDir of the kubelet, or a volume of a storage driver, with setgid for the group.
    `chmod ${group === undefined ? '' : '2'}${ephemeral ? 777 : 775} ${quote(folder)}`,
    // An emptyDir has no lost+found.
    ...(ephemeral ? [`rm -rf ${quote(folder)}/lost+found`] : []),
  ]);
  const id = `pod-${process.hrtime.bigint()}`;
  const run = `exec ${toolPath('runc')} --root ${quote(join(dir, 'state', id))} run --bundle ${quote(dir)} ${id}`;
  const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return dieWithParent(toolPath('unshare') ?? 'unshare', [
    ...(userNamespace ? ['--user', '--map-root-user'] : []),
    ...namespaces,
    'sh',
    '-c',
    ['set -e', ...mounts, run].join('\n'),
  ]);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

const CGROUPS = '/sys/fs/cgroup';
const CGROUP_PARENT = `loki-alerts-${hostname()}`;
let cgroups = 0;

/** Returns an unused cgroup, after removing the cgroups of processes that have ended. */
export function nextCgroup(): string {
  if (cgroups === 0) removeCgroups((pid) => pid !== process.pid && !existsSync(`/proc/${pid}`));
  return `/${CGROUP_PARENT}/${process.pid}-${++cgroups}`;
}

/** Removes the cgroups of killed containers: the runtime only removes those of containers that exit. */
export function removeOwnCgroups(): void {
  removeCgroups((pid) => pid === process.pid);
}

function removeCgroups(which: (pid: number) => boolean): void {
  if (!existsSync(CGROUPS)) return;
  // One tree, or with cgroups v1 one per controller.
  for (const tree of ['.', ...readdirSync(CGROUPS)].map((name) => join(CGROUPS, name, CGROUP_PARENT))) {
    if (!existsSync(tree)) continue;
    for (const name of readdirSync(tree).filter((entry) => /^\d+-\d+$/.test(entry))) {
      if (!which(Number.parseInt(name, 10))) continue;
      try {
        rmdirSync(join(tree, name));
      } catch {
        // A process in it is still ending; the next run removes it.
      }
    }
  }
}
