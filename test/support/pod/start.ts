import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeTempFolder, removeTempFolder } from '../../../lib/engines/cleanup';
import { LOOPBACK } from '../../../lib/engines/ports';
import { EngineProcess } from '../../../lib/engines/process';
import type { Manifest } from '../../../lib/kubernetes-objects/dist';
import { quantity } from '../../manifests/kubernetes';
import { lastingPorts } from '../lasting-ports';
import { retryIfPortTaken } from '../taken-port';
import { childOf } from './kernel';
import { type DiskImage, type Machine, machine, makeDisk, nextCgroup, removeOwnCgroups, runLine } from './machine';
import { type BindMount, ociConfig } from './oci';
import type { PodRunOptions, Ports, RunningPod } from './pod';
import { writeImageFiles } from './program';
import { type Files, volumesOf, writeFiles } from './volumes';
import { environment, expand, type Workload, type WorkloadRef, workloadOf } from './workload';

/** Interval of the check for ephemeral storage; the kubelet's is ten seconds. */
const STORAGE_PERIOD_MS = 500;

/** Maximum size of a container's log on a node: five files of 10 MiB. */
const LOG_BYTES = 50 * 2 ** 20;

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Runs the program of a workload as specified in its pod: arguments, environment, user and groups, a read-only root
 * file system with only the program, mounts and their sizes, limits of memory and ephemeral storage, and no
 * capabilities.
 * @throws if this machine can't run containers; or if the program ends or is not ready in time, with its last lines
 */
export async function startPod(
  manifests: readonly Manifest[],
  ref: WorkloadRef,
  options: PodRunOptions,
): Promise<RunningPod> {
  const found = await machine();
  if (!found) throw new Error('this machine cannot run containers: use podTest for the test');
  const workload = workloadOf(manifests, ref);
  const start = async () => {
    const pod = new Pod(manifests, workload, options, found, await portsOf(workload, options));
    await pod.restart().catch(async (error) => {
      await pod.stop();
      throw error;
    });
    return pod;
  };
  return options.ports ? start() : retryIfPortTaken(start);
}

async function portsOf({ container }: Workload, { ports, undeclaredPorts = [] }: PodRunOptions): Promise<Ports> {
  const names = [...new Set([...(container.ports ?? []).map(({ name }) => name), ...undeclaredPorts])];
  const free = await lastingPorts(names.length);
  return Object.fromEntries(names.map((name, i) => [name, ports?.[name] ?? free[i] ?? 0]));
}

class Pod implements RunningPod {
  readonly dir = makeTempFolder();
  private readonly disks: ReadonlyMap<string, DiskImage>;
  /** Mounted folders on this machine by volume name. */
  private readonly folders = new Map<string, string>();
  private readonly mounts: readonly BindMount[];
  private readonly env: Readonly<Record<string, string>>;
  private process?: EngineProcess;
  private eviction?: string;

  constructor(
    manifests: readonly Manifest[],
    private readonly workload: Workload,
    private readonly options: PodRunOptions,
    readonly machine: Machine,
    readonly ports: Ports,
  ) {
    writeImageFiles(this.dir, options.program);
    const { disks, files, host } = volumesOf(workload, manifests, options, options);
    this.env = { HOSTNAME: `${workload.name}-0`, ...environment(workload, manifests, options), ...options.env };
    this.disks = new Map(machine.disks ? disks.map((disk) => [disk.name, makeDisk(this.dir, disk)]) : []);
    for (const { name } of disks) this.folders.set(name, this.folder(name));
    for (const { name, path } of host) this.folders.set(name, path);
    const edited = new Set<string>();
    for (const volume of files) {
      this.folders.set(volume.name, this.folder(volume.name));
      writeFiles(this.folder(volume.name), this.edit(volume, edited), this.group);
    }
    const unused = Object.keys(options.edit ?? {}).filter((path) => !edited.has(path));
    if (unused.length > 0) throw new Error(`the pod mounts no file at ${unused.join(', ')}`);
    const mounts = (workload.container.volumeMounts ?? []).map(({ name, mountPath, readOnly }): BindMount => {
      const source = this.folders.get(name);
      if (source === undefined) throw new Error(`the pod has no volume '${name}'`);
      // Only the kubelet writes these.
      const isFiles = files.some((volume) => volume.name === name);
      return { source, destination: mountPath, readOnly: isFiles || readOnly === true };
    });
    for (const { source, destination } of mounts) {
      // A nested mount needs a folder, which the kubelet creates before the volume becomes read-only.
      for (const inner of mounts.filter((mount) => mount.destination.startsWith(`${destination}/`)))
        mkdirSync(join(source, inner.destination.slice(destination.length)), { recursive: true });
    }
    this.mounts = [...mounts, ...this.serviceAccountMount()];
  }

  private serviceAccountMount(): BindMount[] {
    const { serviceAccount = {} } = this.options;
    if (!this.workload.pod.automountServiceAccountToken) {
      if (Object.keys(serviceAccount).length > 0) throw new Error('the pod mounts no service account token');
      return [];
    }
    const source = this.folder('service-account');
    writeFiles(source, { files: serviceAccount, mode: 0o644 }, this.group);
    return [{ source, destination: SERVICE_ACCOUNT, readOnly: true }];
  }

  private folder(name: string): string {
    const folder = join(this.dir, 'volumes', name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  private get group(): number | undefined {
    return this.machine.users ? (this.workload.pod.securityContext.fsGroup ?? 0) : undefined;
  }

  private edit({ name, files, mode }: Files, edited: Set<string>) {
    const [at = ''] = (this.workload.container.volumeMounts ?? [])
      .filter((mount) => mount.name === name)
      .map(({ mountPath }) => mountPath);
    const changed = Object.entries(files).map(([path, text]) => {
      const change = this.options.edit?.[join(at, path)];
      if (change) edited.add(join(at, path));
      return [path, change ? change(text, this.ports) : text];
    });
    return { files: Object.fromEntries(changed) as Record<string, string>, mode };
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.ports.http ?? this.probed.port}`;
  }

  /** Port and path of the readiness probe. */
  private get probed(): { port: number; path: string } {
    const { httpGet } = this.workload.container.readinessProbe ?? {};
    if (!httpGet) throw new Error(`the container of ${this.workload.name} has no readiness probe by HTTP`);
    return { port: this.ports[httpGet.port] ?? 0, path: this.options.readyPath ?? httpGet.path };
  }

  get pid(): number {
    return this.process?.pid ?? 0;
  }

  get exited(): Promise<string> {
    return this.process?.exited ?? Promise.resolve('never started');
  }

  logs(): string {
    return this.process?.logs() ?? '';
  }

  evicted(): string | undefined {
    return this.eviction;
  }

  async restart(): Promise<void> {
    await this.process?.stop();
    const { program, memoryLimit } = this.options;
    const { args = program.args ?? [], workingDir } = this.workload.container;
    const { resources } = this.workload.container;
    const config = ociConfig({
      pod: this.workload.pod,
      container: {
        ...this.workload.container,
        resources: { ...resources, limits: { ...resources.limits, ...(memoryLimit ? { memory: memoryLimit } : {}) } },
      },
      hostname: `${this.workload.name}-0`,
      program,
      workingDir: workingDir ?? program.workingDir ?? '/',
      args: withArgs(
        args.map((arg) => expand(arg, this.env)),
        this.options.args?.(this.ports) ?? [],
      ),
      env: this.env,
      mounts: this.mounts,
      cgroup: nextCgroup(),
      enforce: this.machine,
    });
    const process = new EngineProcess(
      runLine(this.dir, this.machine, config, [...this.disks.values()], this.group),
      this.dir,
    );
    this.process = process;
    await this.untilReady(process);
    this.watchStorage(process);
  }

  private async untilReady(process: EngineProcess): Promise<void> {
    const { readyTimeoutMs = 60_000 } = this.options;
    const { port, path } = this.probed;
    const url = `http://${LOOPBACK}:${port}${path}`;
    const deadline = Date.now() + readyTimeoutMs;
    while (!(await answers(url))) {
      const lines = () => process.logs().trimEnd().split('\n').slice(-15).join('\n');
      if (!process.running)
        throw new Error(`${this.workload.name} ended with ${await process.exited} before it was ready:\n${lines()}`);
      if (Date.now() > deadline) throw new Error(`${this.workload.name} is not ready (GET ${url}):\n${lines()}`);
      await sleep(50);
    }
  }

  /** Evicts the pod like the kubelet if it exceeds its ephemeral storage. */
  private async watchStorage(process: EngineProcess): Promise<void> {
    const limit = quantity(this.workload.container.resources.limits['ephemeral-storage']);
    const emptyDirs = [...this.disks].flatMap(([name, disk]) => (disk.ephemeral ? [name] : []));
    while (process.running) {
      try {
        const stored = emptyDirs.reduce((sum, name) => sum + this.stored(name).used, 0);
        const logs = Math.min(process.written, LOG_BYTES);
        if (stored + logs > limit) {
          this.eviction = `stores ${stored + logs} bytes, ${logs} of them logs, of ${limit} bytes of ephemeral storage`;
          await this.kill();
        }
      } catch (error) {
        // The mounts of a pod disappear before its process ends.
        if (process.running && this.child !== undefined) throw error;
      }
      await sleep(STORAGE_PERIOD_MS, undefined, { ref: false });
    }
  }

  path(inContainer: string): string {
    const mount = this.mounts.find(
      ({ destination }) => inContainer === destination || inContainer.startsWith(`${destination}/`),
    );
    if (!mount) throw new Error(`nothing is mounted at ${inContainer}`);
    const own = mount.source.startsWith(this.dir);
    return join(own ? this.namespace() : '/', mount.source, inContainer.slice(mount.destination.length));
  }

  /** Returns the root of the mount namespace on this machine. */
  private namespace(): string {
    const { child } = this;
    if (child === undefined) throw new Error(`${this.workload.name} is not running`);
    return `/proc/${child}/root`;
  }

  /** Id of the process in the pod's mount namespace, unless it has ended. */
  private get child(): number | undefined {
    return childOf(this.pid);
  }

  /** Id of the container's main process: the child of the runtime, which is the namespace's first process. */
  get programPid(): number {
    const pid = this.child && childOf(this.child);
    if (pid === undefined) throw new Error(`${this.workload.name} is not running`);
    return pid;
  }

  usage(mountPath: string): { used: number; size: number } {
    const mount = this.workload.container.volumeMounts?.find((candidate) => candidate.mountPath === mountPath);
    if (!mount || !this.disks.has(mount.name)) throw new Error(`no disk is mounted at ${mountPath}`);
    return this.stored(mount.name);
  }

  private stored(volume: string): { used: number; size: number } {
    const { blocks, bfree, bsize } = statfsSync(join(this.namespace(), this.folder(volume)));
    return { used: (blocks - bfree) * bsize, size: blocks * bsize };
  }

  update(mountPath: string, files: Readonly<Record<string, string>>): void {
    const mount = this.mounts.find(({ destination, readOnly }) => destination === mountPath && readOnly);
    if (!mount) throw new Error(`no files are mounted at ${mountPath}`);
    writeFiles(mount.source, { files, mode: 0o644 }, this.group);
  }

  async kill(): Promise<void> {
    if (!this.process?.running) return;
    process.kill(-this.process.pid, 'SIGKILL');
    await this.process.exited;
    removeOwnCgroups();
  }

  async stop(): Promise<void> {
    await this.process?.stop();
    removeOwnCgroups();
    removeTempFolder(this.dir);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1000) })).ok;
  } catch {
    return false;
  }
}

/** Merges arguments by flag: Alertmanager rejects most flags if they are repeated. */
function withArgs(own: readonly string[], others: readonly string[]): string[] {
  const flag = (arg: string) => arg.replace(/^-+/, '').split('=')[0];
  const replaced = new Set(others.map(flag));
  return [...own.filter((arg) => !replaced.has(flag(arg))), ...others];
}
