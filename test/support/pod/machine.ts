import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import which from 'which';
import { makeTempFolder, removeTempFolder } from '../../../lib/engines/cleanup';
import { type CommandLine, dieWithParent } from '../../../lib/engines/command';
import { runCommand } from '../../../lib/engines/run';
import { ociConfig } from './oci';

/** What of a pod's constraints this machine can hold a process to. */
export interface Machine {
  /** In a user namespace, for a process that is not root. */
  readonly userNamespace: boolean;
  /** The pod's user and groups. */
  readonly users: boolean;
  /** Sizes of volumes, by a file system each. */
  readonly disks: boolean;
  /** The limit of memory, by a cgroup. */
  readonly memory: boolean;
}

const ROOT: Machine = { userNamespace: false, users: true, disks: true, memory: true };

/** Most first: the first that works is taken. Containers of CI often have no cgroups to write to, or no loop devices. */
const KINDS: readonly Machine[] = [
  ...(process.getuid?.() === 0
    ? [ROOT, { ...ROOT, memory: false }, { ...ROOT, disks: false }, { ...ROOT, memory: false, disks: false }]
    : []),
  { userNamespace: true, users: false, disks: false, memory: false },
];

/** In CI a constraint that is not enforced is a failure: nobody reads what a passing test prints. */
export const REQUIRED = process.env.CI !== undefined && process.env.CI !== 'false';

let known: Promise<Machine | undefined> | undefined;

/**
 * What this machine can enforce, found by running a container; nothing of it is printed once.
 * @returns nothing where no container runs at all
 * @throws in CI, if anything is not enforced
 */
export function machine(): Promise<Machine | undefined> {
  known ??= findMachine();
  return known;
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
        ...(kind.memory ? [] : ['limits of memory']),
      ];
      if (missing.length > 0) report(`not enforced on this machine: ${missing.join('; ')} (${reason})`);
      return kind;
    }
    reason = reason || failure;
  }
  report(`tests under the constraints of the pods are skipped (${reason})`);
  return undefined;
}

function report(message: string): void {
  const advice = 'Run them as root, with runc, loop devices and cgroups.';
  if (REQUIRED) throw new Error(`${message}. ${advice}`);
  process.stderr.write(`pods: ${message}. ${advice}\n`);
}

/** Debian keeps these in folders that are not on the PATH of a user. */
export function toolPath(tool: string): string | undefined {
  return which.sync(tool, { nothrow: true, path: `${process.env.PATH}:/usr/sbin:/sbin` }) ?? undefined;
}

/** Runs a container that does nothing, with every constraint of this kind of machine. @returns what failed */
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

/** A file system in a file, and where it is mounted. */
export interface MadeDisk {
  readonly image: string;
  readonly folder: string;
  readonly ephemeral: boolean;
}

/** Makes an empty file system of this size in a sparse file. It is not on tmpfs: that would count as the pod's memory. */
export function makeDisk(dir: string, disk: { name: string; bytes: number; ephemeral: boolean }): MadeDisk {
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
 * How a container is run: in a mount and a process namespace of its own, so that mounts and processes end with it,
 * however this process ends.
 * @param dir folder for the container; writes what the runtime needs into it
 * @param group owner of the disks. @default nobody but root
 */
export function runLine(
  dir: string,
  { userNamespace }: Machine,
  config: object,
  disks: readonly MadeDisk[],
  group?: number,
): CommandLine {
  mkdirSync(join(dir, 'rootfs', 'tmp'), { recursive: true });
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  const mounts = disks.flatMap(({ image, folder, ephemeral }) => [
    `mount -o loop ${quote(image)} ${quote(folder)}`,
    `chown 0:${group ?? 0} ${quote(folder)}`,
    // As the kubelet makes an emptyDir, and what a driver of disks leaves; the group's by its sticky bit.
    `chmod ${group === undefined ? '' : '2'}${ephemeral ? 777 : 775} ${quote(folder)}`,
    // A folder of the file system, which an emptyDir does not have.
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
const OURS = `loki-alerts-${hostname()}`;
let cgroups = 0;

/** A cgroup that no other process of this machine uses. Those of processes that are gone are removed. */
export function nextCgroup(): string {
  if (cgroups === 0) removeCgroups((pid) => pid !== process.pid && !existsSync(`/proc/${pid}`));
  return `/${OURS}/${process.pid}-${++cgroups}`;
}

/** Removes what a container left that was killed: the runtime does so only at an end of its own. */
export function removeOwnCgroups(): void {
  removeCgroups((pid) => pid === process.pid);
}

function removeCgroups(which: (pid: number) => boolean): void {
  if (!existsSync(CGROUPS)) return;
  // One tree, or with cgroups v1 one a controller.
  for (const tree of ['.', ...readdirSync(CGROUPS)].map((name) => join(CGROUPS, name, OURS))) {
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
