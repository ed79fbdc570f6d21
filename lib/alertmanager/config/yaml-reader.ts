import { isAlias, isMap, isScalar, isSeq, type Node, type ParsedNode, Scalar, type YAMLMap } from 'yaml';
import { formatPath, type Path } from '../../checks/findings';
import type { Wrong } from './config-findings';
import type { Schema } from './schema';
import { any } from './schema';

/** Where a field's name and its value begin. */
interface Offsets {
  readonly name?: number;
  readonly value?: number;
}

/** Deeper than any routing tree; keeps hostile files from exhausting the stack. */
const MAX_DEPTH = 100;

/** Values that aliases may add up to; Go's YAML library stops at about as many. */
const MAX_ALIASED = 100_000;

/**
 * Turns YAML nodes into plain values as gopkg.in/yaml.v2, Alertmanager's YAML library, does: the field that a scalar
 * stands in decides whether `5` is a number or a text, and a field
 * without a value is as if it were not there.
 */
export class YamlReader {
  readonly offsets = new Map<string, Offsets>();
  private readonly anchors = new Map<string, Node>();
  private readonly open = new Set<Node>();
  private aliased = 0;
  private aliasDepth = 0;
  private flowDepth = 0;

  /** @param failed takes what is wrong with the YAML, and the offset of it */
  constructor(private readonly failed: (wrong: Wrong, offset?: number) => void) {}

  read(node: Node | null | undefined, schema: Schema, path: Path = [], depth = 0): unknown {
    if (!node) return null;
    if (!this.offsets.get(formatPath(path))?.value) this.setOffset(path, 'value', startOf(node));
    if (this.aliasDepth > 0 && ++this.aliased > MAX_ALIASED) {
      if (this.aliased === MAX_ALIASED + 1)
        this.failed({ problem: 'aliases expand to too many values', fix: 'write the values out' }, startOf(node));
      return null;
    }
    if (depth > MAX_DEPTH) {
      this.failed({ problem: 'nested too deeply', fix: 'remove levels' }, startOf(node));
      return null;
    }
    if (isAlias(node))
      return this.readAlias(node.source, startOf(node), (target) => this.read(target, schema, path, depth));
    if ('anchor' in node && node.anchor && this.aliasDepth === 0) this.addAnchor(node.anchor as string, node);
    if (isScalar(node)) {
      this.checkFlow(node);
      return scalarValue(node, schema);
    }
    const flow = (isSeq(node) || isMap(node)) && node.flow ? 1 : 0;
    this.flowDepth += flow;
    this.open.add(node);
    const value = isSeq(node)
      ? node.items.map((item, index) =>
          this.read(item as Node | null, schema.kind === 'list' ? schema.items : any, [...path, index], depth + 1),
        )
      : isMap(node)
        ? Object.fromEntries(this.readMap(node, schema, path, depth))
        : null;
    this.open.delete(node);
    this.flowDepth -= flow;
    return value;
  }

  /** YAML 1.2 allows what YAML 1.1, and so Alertmanager, does not. */
  private checkFlow(node: Scalar): void {
    if (this.flowDepth === 0 || node.type !== Scalar.PLAIN || !/^:|\?/.test(String(node.value))) return;
    const problem = 'unquoted "?" or leading ":" inside [ ] or { }';
    this.failed({ problem, fix: `quote it: ${JSON.stringify(node.value)}` }, startOf(node));
  }

  private readMap(map: YAMLMap, schema: Schema, path: Path, depth: number): Map<string, unknown> {
    const entries = new Map<string, unknown>();
    const names = new Set<string>();
    for (const { key, value } of map.items as { key: ParsedNode | null; value: ParsedNode | null }[]) {
      const offset = key ? startOf(key) : startOf(map);
      if (isScalar(key) && key.type === Scalar.PLAIN && key.value === '<<') {
        this.merge(value, schema, path, depth, entries);
        continue;
      }
      if (!isScalar(key)) {
        this.failed({ problem: 'expected a string as the key', fix: 'write a plain key' }, offset);
        continue;
      }
      this.checkFlow(key);
      const name = String(key.value);
      if (names.has(name)) this.failed({ problem: `duplicate key "${name}"`, fix: 'remove one of the two' }, offset);
      names.add(name);
      const at = [...path, name];
      this.setOffset(at, 'name', offset);
      this.setOffset(at, 'value', value ? startOf(value) : offset);
      const item = this.read(value, fieldSchema(schema, name), at, depth + 1);
      const known = schema.kind === 'object' && Object.hasOwn(schema.fields, name);
      if (item !== null || !known) entries.set(name, item ?? emptyValue(schema));
    }
    return entries;
  }

  /** `<<: *defaults`, or a list of such. */
  private merge(value: Node | null, schema: Schema, path: Path, depth: number, entries: Map<string, unknown>): void {
    // Of several, the first wins.
    const sources = isSeq(value) ? ([...value.items].reverse() as Node[]) : [value];
    for (const source of sources) {
      const merged = this.read(source, schema, path, depth + 1);
      if (typeof merged !== 'object' || merged === null || Array.isArray(merged)) {
        this.failed(
          { problem: '"<<" expects a map', fix: 'use an alias of a map, or a list of such' },
          source ? startOf(source) : undefined,
        );
        continue;
      }
      for (const [name, item] of Object.entries(merged)) entries.set(name, item);
    }
  }

  private readAlias(name: string, offset: number, read: (target: Node) => unknown): unknown {
    const target = this.anchors.get(name);
    if (!target || this.open.has(target)) {
      this.failed(
        target
          ? { problem: `alias *${name} contains itself`, fix: 'write the values' }
          : {
              problem: `alias *${name} has no anchor &${name} before it`,
              fix: 'correct the name, or write the values',
            },
        offset,
      );
      return null;
    }
    this.aliasDepth += 1;
    const value = read(target);
    this.aliasDepth -= 1;
    return value;
  }

  private addAnchor(name: string, node: Node): void {
    if (!/^[\w-]+$/.test(name))
      this.failed({ problem: `invalid anchor &${name}`, fix: 'use letters, digits, _ and -' }, startOf(node));
    this.anchors.set(name, node);
  }

  private setOffset(path: Path, part: keyof Offsets, offset: number): void {
    this.offsets.set(formatPath(path), { ...this.offsets.get(formatPath(path)), [part]: offset });
  }
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function fieldSchema(schema: Schema, name: string): Schema {
  if (schema.kind === 'map') return schema.values;
  if (schema.kind === 'object' && Object.hasOwn(schema.fields, name)) return schema.fields[name] as Schema;
  return any;
}

/** In a map of any texts, Go's YAML library takes a name without a value for the empty text. */
function emptyValue(schema: Schema): '' | null {
  return schema.kind === 'map' && schema.values.kind === 'string' && !schema.values.problem ? '' : null;
}

/** What has another tag, for instance `!!str`, is text. */
const RESOLVED_TAGS = new Set(['bool', 'int', 'float', 'null', 'timestamp'].map((name) => `tag:yaml.org,2002:${name}`));

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const TRUES = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const FALSES = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);

/** Upstream: `resolve.go` and `decode.go` of gopkg.in/yaml.v2. */
function scalarValue(node: Scalar, schema: Schema): unknown {
  const text = String(node.value);
  if (!(node.tag ? RESOLVED_TAGS.has(node.tag) : node.type === Scalar.PLAIN)) return text;
  if (NULLS.has(text)) return null;
  switch (schema.kind) {
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
