import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseYaml } from '../yaml/parse';
import { plainValue } from '../yaml/plain';
import { objectsIn } from './objects';

/** A Kubernetes object in the dist folder. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Reads the Kubernetes objects of a dist folder, in the order of the files.
 * @throws Error if the folder is missing or has no manifests
 */
export function readDist(folder: string): Manifest[] {
  const files = listManifests(folder);
  if (files.length === 0) throw new Error(`no manifests in ${folder}: run 'npm run synth' first`);
  return files.flatMap((file) => readManifest(join(folder, file)));
}

/** @throws Error if the file is not valid YAML */
function readManifest(file: string): Manifest[] {
  const { documents, problems } = parseYaml(readFileSync(file, 'utf8'));
  const [wrong] = problems;
  if (wrong) throw new Error(`${file}: invalid YAML: ${wrong.problem}`);
  return documents
    .flatMap(objectsIn)
    .map((object) => plainValue(object).value as Manifest | null)
    .filter((object) => object !== null);
}

function listManifests(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .sort();
  } catch {
    return [];
  }
}

/** Returns the data of the ConfigMaps whose names begin with `prefix`, as one map. @throws Error if there are none */
export function configData(manifests: readonly Manifest[], prefix: string): Record<string, string> {
  const maps = manifests.filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith(prefix));
  if (maps.length === 0) throw new Error(`no ConfigMap '${prefix}…' in the manifests`);
  return Object.assign({}, ...maps.map(({ data }) => data));
}

/** Returns the namespace of the object with this kind and name. @throws Error if there is none */
export function namespaceOf(manifests: readonly Manifest[], kind: string, name: string): string {
  const found = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (!found?.metadata.namespace) throw new Error(`no ${kind} '${name}' in the manifests`);
  return found.metadata.namespace;
}
