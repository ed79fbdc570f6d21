import { loadText } from '../rules/read';
import { textAt } from '../rules/read/documents';
import { parseYaml } from '../yaml/parse';

/** Finds the name of the Kubernetes object that stands at a line of a manifest; empty if there is none. */
export class ResourceFinder {
  private readonly manifests = new Map<string, { readonly line: number; readonly name: string }[]>();

  nameAt(file: string, line: number): string {
    const resources = this.manifests.get(file) ?? readResources(file);
    this.manifests.set(file, resources);
    return resources.filter((resource) => resource.line <= line).at(-1)?.name ?? '';
  }
}

function readResources(file: string) {
  const source = loadText(file);
  if ('id' in source) return [];
  return parseYaml(source).documents.flatMap(({ root }) => {
    const name = textAt(root, 'metadata', 'name');
    return root?.range && name !== undefined ? [{ line: source.placeAt(root.range[0]).line ?? 1, name }] : [];
  });
}
