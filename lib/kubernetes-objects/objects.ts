import { isSeq, type Node } from 'yaml';
import { nodeAt, textAt } from '../yaml/nodes';
import type { YamlDocument } from '../yaml/parse';

/** What says which object of Kubernetes a document is. */
export interface ObjectKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Kind of the object that a document is; undefined if it is none. */
export function objectKind(document: YamlDocument): ObjectKind | undefined {
  const [apiVersion, kind] = [textAt(document, 'apiVersion'), textAt(document, 'kind')];
  return apiVersion === undefined || kind === undefined ? undefined : { apiVersion, kind };
}

/** Objects of a list such as `kubectl get -o yaml` prints, each as a document; undefined if it is no list. */
export function listItems(document: YamlDocument): YamlDocument[] | undefined {
  const items = nodeAt(document, ['items']);
  if (!objectKind(document)?.kind.endsWith('List') || !isSeq(items)) return undefined;
  return (items.items as (Node | null)[]).map((root) => ({ ...document, root }));
}

/** The document, or the objects in it if it is a list, however deep. */
export function objectsIn(document: YamlDocument): YamlDocument[] {
  return listItems(document)?.flatMap(objectsIn) ?? [document];
}
