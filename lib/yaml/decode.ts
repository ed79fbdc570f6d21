import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { CheckId } from '../checks';
import { type Finding, finding, type Path, type Place } from '../checks/findings';
import { excerpt } from '../text/excerpt';
import { entriesOf, isNull, locate, mergeSources, scalarText, targetOf } from './nodes';
import type { YamlDocument } from './parse';
import type { SourceText } from './source';
import { scalarPlace } from './text-offset';

/** One field of a YAML map. */
export interface Field {
  readonly key: string;
  readonly keyNode: Node;
  /** Null if there is no value after the colon. */
  readonly value: Node | null;
}

/** A part of a document, as in findings. */
export interface Part {
  readonly path: Path;
  /** Name of the part in messages: `group 'web'`. */
  readonly subject: string;
}

/** Returns the part at a field of another part. */
export function fieldOf({ path, subject }: Part, key: string): Part {
  return { path: [...path, key], subject: `'${key}' of ${subject}` };
}

/**
 * Maximum number of values that are read from one file. 25,000 rules need two thirds of that; a few kilobytes of
 * aliases to lists of aliases would exceed any memory, and Loki's YAML parser refuses them too.
 */
const MAX_VALUES = 1_000_000;

/**
 * Decodes a YAML document like Loki's YAML parser (https://github.com/yaml/go-yaml/blob/v3.0.4/decode.go): any scalar
 * is a string where a string is expected, null means "not set", `<<` merges maps. Reports values of the wrong type as
 * findings with places, and continues.
 */
export class Decoder {
  readonly findings: Finding[] = [];
  private taken = 0;

  constructor(
    private readonly source: SourceText,
    private readonly document: YamlDocument,
  ) {}

  /** True if reading stopped at the maximum number of values, so that the result is incomplete. */
  get exhausted(): boolean {
    return this.taken > MAX_VALUES;
  }

  report(id: CheckId, node: Node | null, { path, subject }: Part, problem: string, fix?: string): void {
    this.findings.push(finding(id, { path, subject, problem, fix, place: this.place(node) }));
  }

  place(node: Node | null): Place {
    return this.source.placeAt(node?.range?.[0] ?? 0);
  }

  /** Place of an offset in a scalar's text, exact if the file contains the text unchanged. */
  placeInText(node: Node | null, offset: number): Place {
    const scalar = this.target(node);
    return isScalar(scalar) ? scalarPlace(this.source, scalar, offset) : this.place(node);
  }

  /** Fields of a map, including merged ones; undefined (and reported) if the node is something else. */
  fields(node: Node | null, at: Part): Field[] | undefined {
    const map = this.resolve(node);
    if (isNull(map)) return [];
    if (!isMap(map)) {
      this.report('yaml-type', node, at, `expected a map, got ${kindOf(map)}`);
      return undefined;
    }
    return this.fieldsOf(map, at);
  }

  /** Entries of a list; undefined (and reported) if the node is something else. */
  items(node: Node | null, at: Part): (Node | null)[] | undefined {
    const list = this.resolve(node);
    if (isNull(list)) return [];
    if (!isSeq(list)) {
      this.report('yaml-type', node, at, `expected a list, got ${kindOf(list)}`, 'start each entry with "- "');
      return undefined;
    }
    return list.items as Node[];
  }

  /**
   * A string: any scalar as it is written. Undefined if there is none; undefined (and reported) if it is something
   * else.
   */
  text(node: Node | null, at: Part): string | undefined {
    const scalar = this.resolve(node);
    if (isNull(scalar)) return undefined;
    if (isScalar(scalar)) return scalarText(scalar);
    this.report('yaml-type', node, at, `expected a string, got ${kindOf(scalar)}`, 'quote it if it begins with { or [');
    return undefined;
  }

  /** An integer. */
  integer(node: Node | null, at: Part): number | undefined {
    const scalar = this.resolve(node);
    if (isNull(scalar)) return undefined;
    if (isScalar(scalar) && typeof scalar.value === 'number' && Number.isSafeInteger(scalar.value)) return scalar.value;
    this.report(
      'yaml-type',
      node,
      at,
      `expected an integer, got ${kindOf(scalar)}`,
      'use a whole number without quotes',
    );
    return undefined;
  }

  /** A map of strings, such as labels. */
  textMap(node: Node | null, at: Part): Record<string, string> | undefined {
    if (isNull(this.resolve(node))) return undefined;
    const fields = this.fields(node, at);
    // fromEntries, since `__proto__` must remain an ordinary name.
    return (
      fields && Object.fromEntries(fields.map(({ key, value }) => [key, this.text(value, fieldOf(at, key)) ?? '']))
    );
  }

  /** Node at a path, or the innermost node around it that exists. */
  find(node: Node | null, path: readonly string[]): Node | null {
    const { node: found, depth } = locate(this.document, path, node);
    // A field without a value has no place; its parent does.
    return found === null && depth > 0 ? this.find(node, path.slice(0, depth - 1)) : this.target(found);
  }

  private target(node: Node | null): Node | null {
    return targetOf(this.document, node);
  }

  private resolve(node: Node | null): Node | null {
    this.taken++;
    if (this.taken === MAX_VALUES + 1) {
      this.report(
        'yaml-type',
        node,
        { path: [], subject: 'file' },
        'aliases expand to more values than Loki reads',
        'write the values out',
      );
    }
    return this.taken > MAX_VALUES ? null : this.target(node);
  }

  private fieldsOf(map: YAMLMap, at: Part): Field[] {
    const own = new Map<string, Field>();
    const merged: (Node | null)[] = [];
    for (const entry of entriesOf(this.document, map)) {
      const { kind, keyNode, value } = entry;
      if (kind === 'merge') {
        const target = this.target(value);
        if (target && !isScalar(target)) merged.push(...mergeSources(this.document, value));
        else this.report('yaml-type', keyNode, at, '"<<" expects a map', 'use the alias of a map');
        continue;
      }
      const key = this.text(keyNode, { ...at, subject: `key of ${at.subject}` });
      if (isNull(this.target(keyNode)))
        this.report('yaml-type', keyNode ?? value, at, 'value without a key', 'add the key before ":"');
      if (key === undefined) continue;
      if (kind === 'field') own.set(entry.key, { key: entry.key, keyNode, value });
      else if (kind === 'duplicate') {
        const problem = `duplicate key "${key}", first on line ${this.place(entry.first).line}`;
        const part = { ...at, path: [...at.path, entry.key] };
        this.report('duplicate-key', keyNode, part, problem, 'remove one of the two');
      }
    }
    // Own fields take precedence, wherever the merge is; in go-yaml v2, the order decides.
    for (const source of merged) {
      for (const field of this.fields(source, at) ?? []) if (!own.has(field.key)) own.set(field.key, field);
    }
    return [...own.values()];
  }
}

function kindOf(node: Node): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  return isScalar(node) ? `"${excerpt(scalarText(node).replace(/\s+/g, ' '))}"` : 'an alias';
}
