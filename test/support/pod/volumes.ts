import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Manifest } from '../../../lib/kubernetes-objects/dist';
import { quantity } from '../../manifests/kubernetes';
import { configMapData, type PodContext, secretData, type Volume, type Workload } from './workload';

/** A file system for a volume, with the maximum size of the volume. */
export interface Disk {
  readonly name: string;
  readonly bytes: number;
  /** True for an emptyDir, which counts as ephemeral storage. */
  readonly ephemeral: boolean;
}

/** Files of ConfigMaps and Secrets by path in the mount. */
export interface Files {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly mode: number;
}

/** A folder on the node. */
export interface HostFolder {
  readonly name: string;
  readonly path: string;
}

export interface Volumes {
  readonly disks: readonly Disk[];
  readonly files: readonly Files[];
  readonly host: readonly HostFolder[];
}

/** Size of an emptyDir without a limit, which may fill the node's disk: no test should need as much. */
const UNLIMITED = 10 * 2 ** 30;

/**
 * Returns the volumes of a pod.
 * @param options `sizes`: sizes by volume name instead of the manifests', as Kubernetes quantities; `hostPaths`:
 * folders on this machine by path on the node
 */
export function volumesOf(
  { pod, claims }: Workload,
  manifests: readonly Manifest[],
  context: PodContext,
  options: {
    readonly sizes?: Readonly<Record<string, string>>;
    readonly hostPaths?: Readonly<Record<string, string>>;
  },
): Volumes {
  const { sizes = {}, hostPaths = {} } = options;
  const volumes = pod.volumes ?? [];
  const unknown = Object.keys(sizes).filter(
    (name) =>
      !claims.some(({ metadata }) => metadata.name === name) && !volumes.some((v) => v.name === name && v.emptyDir),
  );
  if (unknown.length > 0) throw new Error(`the pod has no disk named ${unknown.join(', ')}`);
  const disk = (name: string, size: string | undefined, ephemeral: boolean): Disk => {
    const given = sizes[name] ?? size;
    return { name, bytes: given === undefined ? UNLIMITED : quantity(given), ephemeral };
  };
  return {
    disks: [
      ...claims.map(({ metadata, spec }) => disk(metadata.name, spec.resources.requests.storage, false)),
      ...volumes.flatMap(({ name, emptyDir }) => (emptyDir ? [disk(name, emptyDir.sizeLimit, true)] : [])),
    ],
    files: volumes.flatMap((volume) => filesOf(volume, manifests, context)),
    host: volumes.flatMap(({ name, hostPath }) => {
      if (!hostPath) return [];
      const path = hostPaths[hostPath.path];
      if (path === undefined) throw new Error(`no test folder for ${hostPath.path} on the node: set hostPaths`);
      return [{ name, path }];
    }),
  };
}

function filesOf(volume: Volume, manifests: readonly Manifest[], { secrets }: PodContext): Files[] {
  const { name, configMap, secret, projected } = volume;
  const mode = (configMap ?? secret ?? projected)?.defaultMode ?? 0o644;
  const pick = (data: Readonly<Record<string, string>>, items?: readonly { key: string; path: string }[]) =>
    items === undefined
      ? data
      : Object.fromEntries(
          items.map(({ key, path }) => {
            const text = data[key];
            if (text === undefined) throw new Error(`volume '${name}' mounts key '${key}', which does not exist`);
            return [path, text];
          }),
        );
  const sources = [
    ...(configMap ? [{ configMap }] : []),
    ...(secret ? [{ secret: { ...secret, name: secret.secretName } }] : []),
    ...(projected?.sources ?? []),
  ];
  if (sources.length === 0 && !projected) return [];
  const parts = sources.map((source) => {
    const unknown = Object.keys(source).filter((kind) => kind !== 'configMap' && kind !== 'secret');
    if (unknown.length > 0) throw new Error(`volume '${name}' projects ${unknown.join(', ')}, which is not supported`);
    return {
      ...(source.configMap ? pick(configMapData(source.configMap.name, manifests), source.configMap.items) : {}),
      ...(source.secret ? pick(secretData(source.secret.name, manifests, secrets), source.secret.items) : {}),
    };
  });
  return [{ name, mode, files: Object.assign({}, ...parts) }];
}

/**
 * Writes files like the kubelet: each name is a symlink into `..data`, which is a symlink to the folder of this
 * version, so that all files change at once. May be called again with other contents.
 * @param group group that owns the files. @default the group of this process
 */
export function writeFiles(folder: string, { files, mode }: Omit<Files, 'name'>, group?: number): void {
  const version = `..${process.hrtime.bigint()}`;
  mkdirSync(join(folder, version), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, version, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, group === undefined ? mode : mode | 0o440);
    if (group !== undefined) chownSync(file, 0, group);
  }
  symlinkSync(version, join(folder, '..data_tmp'));
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  const names = new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''));
  for (const name of names) {
    if (!existsSync(join(folder, name))) symlinkSync(join('..data', name), join(folder, name));
  }
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink())) {
    if (!name.startsWith('..') && !names.has(name)) rmSync(join(folder, name));
  }
}
