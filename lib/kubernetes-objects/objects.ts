import { isSeq, type Node } from 'yaml';
import { nodeAt, textAt } from '../yaml/nodes';
import type { YamlDocument } from '../yaml/parse';

/** Type of a Kubernetes object. */
export interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Returns the type of the Kubernetes object in a document; undefined if the document is something else. */
export function objectKind(document: YamlDocument): ObjectKind | undefined {
  const [apiVersion, kind] = [textAt(document, 'apiVersion'), textAt(document, 'kind')];
  return apiVersion === undefined || kind === undefined ? undefined : { apiVersion, kind };
}

/** Objects of a list, as `kubectl get -o yaml` prints it, each as a document; undefined if the object is not a list. */
export function listItems(document: YamlDocument): YamlDocument[] | undefined {
  const items = nodeAt(document, ['items']);
  if (!objectKind(document)?.kind.endsWith('List') || !isSeq(items)) return undefined;
  return (items.items as (Node | null)[]).map((root) => ({ ...document, root }));
}

/** Returns the document, or the objects in it if it is a list; lists may contain lists. */
export function objectsIn(document: YamlDocument): YamlDocument[] {
  return listItems(document)?.flatMap(objectsIn) ?? [document];
}
