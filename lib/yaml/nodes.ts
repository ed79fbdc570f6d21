import { isAlias, isMap, isPair, isScalar, isSeq, type Node, Scalar, type YAMLMap } from 'yaml';
import type { Path } from '../checks/findings';
import type { YamlDocument } from './parse';

/** Maximum number of values in expanded aliases, about the same as in go-yaml. */
export const MAX_ALIASED = 100_000;

/** Problem of a text over that limit. */
export const TOO_MANY_ALIASED = 'aliases expand to too many values';

/** One entry of a map, before merging. */
export type MapEntry =
  | { readonly kind: 'field'; readonly key: string; readonly keyNode: Node; readonly value: Node | null }
  /** A second field with the same name. */
  | {
      readonly kind: 'duplicate';
      readonly key: string;
      readonly keyNode: Node;
      readonly value: Node | null;
      readonly first: Node;
    }
  /** `<<`. */
  | { readonly kind: 'merge'; readonly keyNode: Node; readonly value: Node | null }
  /** An entry whose key is missing, a list or a map. */
  | { readonly kind: 'keyless'; readonly keyNode: Node | null; readonly value: Node | null };

/** A part of a document, found by its path. */
export interface Located {
  /** The node, which may be an alias; null if there is no value. */
  readonly node: Node | null;
  /** Key of the field; undefined in a list and at the top level. */
  readonly keyNode?: Node;
  /** Number of steps of the path that exist. */
  readonly depth: number;
}

/** Returns the node itself, or the target of an alias. */
export function targetOf({ anchors }: YamlDocument, node: Node | null | undefined): Node | null {
  return isAlias(node) ? (anchors.get(node) ?? null) : (node ?? null);
}

/** True for a missing node or a YAML null. */
export function isNull(node: Node | null): node is null {
  return node === null || (isScalar(node) && node.value === null);
}

/** Returns a scalar as it is written: `007` and `1e3` are strings where a string is expected. */
export function scalarText({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : (source ?? String(value));
}

/** Entries of a map, in order. */
export function* entriesOf(document: YamlDocument, map: YAMLMap): Generator<MapEntry> {
  const names = new Map<string, Node>();
  for (const pair of map.items) {
    if (!isPair(pair)) continue;
    const keyNode = (pair.key ?? null) as Node | null;
    const value = (pair.value ?? null) as Node | null;
    const target = targetOf(document, keyNode);
    if (!keyNode || !isScalar(target) || isNull(target)) {
      yield { kind: 'keyless', keyNode, value };
    } else if (isMergeKey(keyNode)) {
      yield { kind: 'merge', keyNode, value };
    } else {
      const key = scalarText(target);
      const first = names.get(key);
      if (!first) names.set(key, keyNode);
      yield first ? { kind: 'duplicate', key, keyNode, value, first } : { kind: 'field', key, keyNode, value };
    }
  }
}

/** Maps that `<<` merges: one, or a list in order of precedence. */
export function mergeSources(document: YamlDocument, value: Node | null): (Node | null)[] {
  const target = targetOf(document, value);
  return isSeq(target) ? (target.items as Node[]) : [value];
}

/** Returns the part at a path, or the innermost one around it that exists. Follows aliases and merges. */
export function locate(document: YamlDocument, path: Path, root = document.root): Located {
  let at: Located = { node: root, depth: 0 };
  for (const step of path) {
    const target = targetOf(document, at.node);
    const next = isMap(target)
      ? fieldIn(document, target, String(step))
      : isSeq(target) && Number(step) < target.items.length
        ? { node: (target.items[Number(step)] ?? null) as Node | null }
        : undefined;
    if (!next) return at;
    at = { ...next, depth: at.depth + 1 };
  }
  return at;
}

/** Returns the node at a path, with aliases resolved; undefined if there is none. */
export function nodeAt(document: YamlDocument, path: Path, root = document.root): Node | undefined {
  const { node, depth } = locate(document, path, root);
  return depth === path.length ? (targetOf(document, node) ?? undefined) : undefined;
}

/** Returns the string at a path of keys; undefined if there is none. */
export function textAt(document: YamlDocument, ...path: readonly string[]): string | undefined {
  const node = nodeAt(document, path);
  return isScalar(node) && typeof node.value === 'string' ? node.value : undefined;
}

type FieldNodes = Pick<Located, 'node' | 'keyNode'>;

function fieldIn(
  document: YamlDocument,
  map: YAMLMap,
  name: string,
  seen = new Set<YAMLMap>(),
): FieldNodes | undefined {
  seen.add(map);
  const { own, merges } = fieldsOf(document, map);
  const field = own.get(name);
  if (field) return field;
  for (const source of merges.flatMap((value) => mergeSources(document, value))) {
    const target = targetOf(document, source);
    const found = isMap(target) && !seen.has(target) ? fieldIn(document, target, name, seen) : undefined;
    if (found) return found;
  }
  return undefined;
}

interface MapFields {
  readonly own: ReadonlyMap<string, FieldNodes>;
  readonly merges: readonly (Node | null)[];
}

/** Cached fields of maps: a map is read once for each of its fields, and some have thousands. */
const CACHE = new WeakMap<YAMLMap, MapFields>();

function fieldsOf(document: YamlDocument, map: YAMLMap): MapFields {
  const known = CACHE.get(map);
  if (known) return known;
  const own = new Map<string, FieldNodes>();
  const merges: (Node | null)[] = [];
  for (const entry of entriesOf(document, map)) {
    if (entry.kind === 'merge') merges.push(entry.value);
    else if (entry.kind === 'field') own.set(entry.key, { node: entry.value, keyNode: entry.keyNode });
  }
  const fields = { own, merges };
  CACHE.set(map, fields);
  return fields;
}

function isMergeKey(node: Node): boolean {
  return isScalar(node) && node.value === '<<' && (node.type === undefined || node.type === Scalar.PLAIN);
}
