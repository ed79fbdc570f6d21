import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { RuleObject } from '../../../lib/rules/export/objects';

/** Settings of k8s-sidecar, with the values of Loki's chart. */
export interface SidecarProps {
  /** `LABEL`: objects with this label, of any value, are read. */
  readonly label?: string;
  /** `FOLDER`: folder of objects without the annotation. */
  readonly folder: string;
}

/**
 * Writes files like k8s-sidecar from its `write_data_to_file` and `_process_config_map`: the annotation sets another
 * folder, relative to `FOLDER` unless it is absolute; a key that leaves its ConfigMap deletes the file.
 * @see https://github.com/kiwigrid/k8s-sidecar/blob/master/src/resources.py
 */
export class Sidecar {
  private readonly known = new Map<string, readonly string[]>();

  constructor(
    private readonly props: SidecarProps,
    /** Folder in place of the root of the pod. */
    private readonly root: string,
  ) {}

  /** Processes one changed or new object. */
  process({ kind, metadata, data = {} }: RuleObject): void {
    const { label = 'loki_rule', folder } = this.props;
    if (kind !== 'ConfigMap' || metadata.labels?.[label] === undefined) return;
    const target = metadata.annotations?.['k8s-sidecar-target-directory'];
    const to = target === undefined ? folder : isAbsolute(target) ? target : join(folder, target);
    const paths = Object.keys(data).map((key) => join(this.root, to, key));
    for (const [i, text] of Object.values(data).entries()) {
      mkdirSync(join(this.root, to), { recursive: true });
      writeFileSync(paths[i] ?? '', text);
    }
    for (const path of this.known.get(metadata.name) ?? []) if (!paths.includes(path)) rmSync(path);
    this.known.set(metadata.name, paths);
  }
}
