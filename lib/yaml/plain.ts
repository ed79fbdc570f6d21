import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { entriesOf, MAX_ALIASED, mergeSources, TOO_MANY_ALIASED, targetOf } from './nodes';
import { parseYaml, type YamlDocument, type YamlProblem } from './parse';

/** A document as plain values. */
export interface PlainYaml {
  readonly value: unknown;
  /** Duplicate keys, of which the last one wins; merges of something other than a map; too many aliases. */
  readonly problems: readonly YamlProblem[];
  /** True if aliases expand to too many values, so that the value is incomplete. */
  readonly isExhausted: boolean;
}

/** Returns a document as plain values. A map's own fields take precedence over merged ones. */
export function plainValue(document: YamlDocument, root = document.root): PlainYaml {
  const reader = new PlainReader(document);
  const value = reader.value(root);
  return { value, problems: reader.problems, isExhausted: reader.isExhausted };
}

/**
 * Returns the first document of a text as plain values.
 * @throws Error with the first problem
 */
// biome-ignore lint/suspicious/noExplicitAny: the caller knows the type.
export function parsePlain(text: string): any {
  const { documents, problems } = parseYaml(text);
  const [document] = documents;
  const plain = document && plainValue(document);
  const [wrong] = [...problems, ...(plain?.problems ?? [])];
  if (wrong) throw new Error(`invalid YAML: ${wrong.problem}`);
  return plain?.value;
}

class PlainReader {
  readonly problems: YamlProblem[] = [];
  private aliased = 0;
  private aliasDepth = 0;

  constructor(private readonly document: YamlDocument) {}

  get isExhausted(): boolean {
    return this.aliased > MAX_ALIASED;
  }

  value(node: Node | null): unknown {
    const target = targetOf(this.document, node);
    if (target === node) return this.plain(target);
    this.aliasDepth += 1;
    const value = this.plain(target);
    this.aliasDepth -= 1;
    return value;
  }

  private plain(node: Node | null): unknown {
    if (this.aliasDepth > 0 && ++this.aliased > MAX_ALIASED) {
      if (this.aliased === MAX_ALIASED + 1) this.failed(TOO_MANY_ALIASED, node, 'write the values out');
      return null;
    }
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item) => this.value((item ?? null) as Node | null));
    // fromEntries, since `__proto__` must remain an ordinary name.
    return isMap(node) ? Object.fromEntries(this.fields(node)) : null;
  }

  private fields(map: YAMLMap): Map<string, unknown> {
    const own = new Map<string, unknown>();
    const merged: (Node | null)[] = [];
    for (const entry of entriesOf(this.document, map)) {
      if (entry.kind === 'merge') merged.push(...mergeSources(this.document, entry.value));
      if (entry.kind === 'duplicate')
        this.failed(`duplicate key "${entry.key}"`, entry.keyNode, 'remove one of the two');
      if (entry.kind === 'field' || entry.kind === 'duplicate') own.set(entry.key, this.value(entry.value));
    }
    for (const source of merged) {
      const value = this.value(source);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        this.failed('"<<" expects a map', source, 'use the alias of a map, or a list of such aliases');
      } else {
        for (const [name, item] of Object.entries(value)) if (!own.has(name)) own.set(name, item);
      }
    }
    return own;
  }

  private failed(problem: string, node: Node | null, fix: string): void {
    this.problems.push({ problem, fix, offset: node?.range?.[0] ?? 0 });
  }
}
