import { loadText } from '../yaml/load';
import { textAt } from '../yaml/nodes';
import { parseYaml } from '../yaml/parse';
import { objectsIn } from './objects';

/** Finds the names of Kubernetes objects by file and line. */
export class ResourceFinder {
  private readonly manifests = new Map<string, { readonly line: number; readonly name: string }[]>();

  /** Returns the name of the object at a line of a manifest; an empty string if there is none. */
  nameAt(file: string, line: number): string {
    const resources = this.manifests.get(file) ?? readResources(file);
    this.manifests.set(file, resources);
    return resources.filter((resource) => resource.line <= line).at(-1)?.name ?? '';
  }
}

function readResources(file: string) {
  const source = loadText(file);
  if ('id' in source) return [];
  return parseYaml(source.text)
    .documents.flatMap(objectsIn)
    .flatMap((object) => {
      const name = textAt(object, 'metadata', 'name');
      const range = object.root?.range;
      return range && name !== undefined ? [{ line: source.placeAt(range[0]).line ?? 1, name }] : [];
    });
}
