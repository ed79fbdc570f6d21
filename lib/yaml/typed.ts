import { isAlias, isMap, isScalar, isSeq, type Node, Scalar, type YAMLMap } from 'yaml';
import { formatPath, type Path } from '../checks/findings';
import { entriesOf, MAX_ALIASED, mergeSources, TOO_MANY_ALIASED, targetOf } from './nodes';
import type { YamlDocument, YamlProblem } from './parse';

/** Expected type of a value. */
export type WantedType =
  | { readonly kind: 'string' | 'boolean' | 'integer' | 'number' | 'any'; readonly problem?: unknown }
  | { readonly kind: 'list'; readonly items: WantedType }
  | { readonly kind: 'map'; readonly values: WantedType }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, WantedType>> };

const ANY: WantedType = { kind: 'any' };

/** Offsets of a field's name and its value. */
interface Offsets {
  readonly name?: number;
  readonly value?: number;
}

/** Maximum nesting: deeper than any routing tree, and a limit for files that would exhaust the stack. */
const MAX_DEPTH = 100;

/**
 * Decodes an untyped document like gopkg.in/yaml.v2, Alertmanager's YAML library: the field determines whether `5` is a
 * number or a string, a field without a value is treated as missing, and of a merge and the fields around it, the last
 * one wins.
 */
export class TypedReader {
  readonly problems: YamlProblem[] = [];
  /** Paths of known fields without a value. */
  readonly empty: Path[] = [];
  private readonly offsets = new Map<string, Offsets>();
  private aliased = 0;
  private aliasDepth = 0;

  constructor(private readonly document: YamlDocument) {}

  /** Offset of a value, or of the name of its field; undefined if it was not read. */
  offset(path: Path, part: keyof Offsets): number | undefined {
    return this.offsets.get(formatPath(path))?.[part];
  }

  read(node: Node | null | undefined, wanted: WantedType, path: Path = [], depth = 0): unknown {
    if (!node) return null;
    if (!this.offsets.get(formatPath(path))?.value) this.setOffset(path, 'value', startOf(node));
    if (this.aliasDepth > 0 && ++this.aliased > MAX_ALIASED) {
      if (this.aliased === MAX_ALIASED + 1) this.failed(TOO_MANY_ALIASED, 'write the values out', startOf(node));
      return null;
    }
    if (depth > MAX_DEPTH) {
      this.failed('nested too deeply', 'use fewer levels', startOf(node));
      return null;
    }
    if (isAlias(node)) {
      this.aliasDepth += 1;
      const value = this.read(targetOf(this.document, node), wanted, path, depth);
      this.aliasDepth -= 1;
      return value;
    }
    if (isScalar(node)) return scalarValue(node, wanted);
    if (wanted.kind === 'string' && isUnquotedTemplate(node)) {
      this.failed('"{{" begins a map in YAML', 'quote the template', startOf(node));
      return '';
    }
    if (isMap(node)) return Object.fromEntries(this.readMap(node, wanted, path, depth));
    if (!isSeq(node)) return null;
    return node.items.map((item, index) =>
      this.read(item as Node | null, wanted.kind === 'list' ? wanted.items : ANY, [...path, index], depth + 1),
    );
  }

  private readMap(map: YAMLMap, wanted: WantedType, path: Path, depth: number): Map<string, unknown> {
    const entries = new Map<string, unknown>();
    for (const entry of entriesOf(this.document, map)) {
      const offset = startOf(entry.keyNode ?? map);
      if (entry.kind === 'merge') {
        this.merge(entry.value, wanted, path, depth, entries);
        continue;
      }
      if (entry.kind === 'keyless') {
        this.failed('expected a string as the key', 'use a string', offset);
        continue;
      }
      const { key, value } = entry;
      if (entry.kind === 'duplicate') this.failed(`duplicate key "${key}"`, 'remove one of the two', offset);
      const at = [...path, key];
      this.setOffset(at, 'name', offset);
      this.setOffset(at, 'value', value ? startOf(value) : offset);
      const item = this.read(value, fieldType(wanted, key), at, depth + 1);
      const known = wanted.kind === 'object' && Object.hasOwn(wanted.fields, key);
      if (item === null && known) this.empty.push(at);
      if (item !== null || !known) entries.set(key, item ?? emptyValue(wanted));
    }
    return entries;
  }

  /** Merges `<<: *defaults`, or a list of aliases. */
  private merge(
    value: Node | null,
    wanted: WantedType,
    path: Path,
    depth: number,
    entries: Map<string, unknown>,
  ): void {
    // In a list, the first one wins.
    for (const source of mergeSources(this.document, value).reverse()) {
      const merged = this.read(source, wanted, path, depth + 1);
      if (typeof merged !== 'object' || merged === null || Array.isArray(merged)) {
        const fix = 'use the alias of a map, or a list of such aliases';
        this.failed('"<<" expects a map', fix, source ? startOf(source) : 0);
        continue;
      }
      for (const [name, item] of Object.entries(merged)) entries.set(name, item);
    }
  }

  private failed(problem: string, fix: string, offset: number): void {
    this.problems.push({ problem, fix, offset });
  }

  private setOffset(path: Path, part: keyof Offsets, offset: number): void {
    this.offsets.set(formatPath(path), { ...this.offsets.get(formatPath(path)), [part]: offset });
  }
}

/** `{{ .Status }}` without quotes is a map whose key is a map. */
function isUnquotedTemplate(node: Node): boolean {
  if (!isMap(node) || !node.flow || node.items.length !== 1) return false;
  const [{ key, value } = { key: undefined, value: undefined }] = node.items;
  return isMap(key) && key.flow === true && !value;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function fieldType(wanted: WantedType, name: string): WantedType {
  if (wanted.kind === 'map') return wanted.values;
  if (wanted.kind === 'object' && Object.hasOwn(wanted.fields, name)) return wanted.fields[name] as WantedType;
  return ANY;
}

/** In a map of strings, Go's YAML library reads a missing value as the empty string. */
function emptyValue(wanted: WantedType): '' | null {
  return wanted.kind === 'map' && wanted.values.kind === 'string' && !wanted.values.problem ? '' : null;
}

/** Tags of scalars that are not strings; with any other tag, for instance `!!str`, a scalar is a string. */
const RESOLVED_TAGS = new Set(['bool', 'int', 'float', 'null', 'timestamp'].map((name) => `tag:yaml.org,2002:${name}`));

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const TRUES = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const FALSES = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);

/** Upstream: `resolve.go` and `decode.go` of gopkg.in/yaml.v2. */
function scalarValue(node: Scalar, wanted: WantedType): unknown {
  const text = String(node.value);
  if (!(node.tag ? RESOLVED_TAGS.has(node.tag) : node.type === Scalar.PLAIN)) return text;
  if (NULLS.has(text)) return null;
  switch (wanted.kind) {
    case 'boolean':
      return booleanValue(text) ?? text;
    case 'integer':
      return truncated(numberValue(text)) ?? text;
    case 'number':
      return numberValue(text) ?? text;
    case 'any':
      return booleanValue(text) ?? numberValue(text) ?? text;
    default:
      return text;
  }
}

function booleanValue(text: string): boolean | undefined {
  return TRUES.has(text) ? true : FALSES.has(text) ? false : undefined;
}

function numberValue(text: string): number | undefined {
  const plain = text.replaceAll('_', '');
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(plain) as RegExpExecArray;
  const based = /^0[xX][\da-fA-F]+$|^0[bB][01]+$|^0[oO][0-7]+$/.test(digits)
    ? Number(digits)
    : /^0[0-7]+$/.test(digits)
      ? Number.parseInt(digits, 8)
      : undefined;
  if (based !== undefined) return sign === '-' ? -based : based;
  return /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(plain) ? Number(plain) : undefined;
}

function truncated(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.trunc(value);
}
