import { createHash } from 'node:crypto';
import type { RuleFile, RuleGroup } from './model';
import { groupToYaml, joinGroups } from './write';

/** One ConfigMap's worth of rule files. */
export interface RuleShard {
  /** Name of the ConfigMap: `loki-rules-0`, `loki-rules-1`, …; numbers may have gaps. */
  readonly name: string;
  /** File name to YAML; no file name occurs in two shards, so that all can be mounted into one folder. */
  readonly data: Readonly<Record<string, string>>;
}

/**
 * Largest shard in bytes. `kubectl apply` keeps the whole object as JSON in an annotation, and Kubernetes allows 256 KiB
 * of annotations (`TotalAnnotationSizeLimitB` in apimachinery's pkg/api/validation/objectmeta.go); the rest is for the
 * ConfigMap's own metadata.
 */
export const MAX_SHARD_BYTES = 200 * 1024;

/**
 * Distributes rule files over ConfigMaps of at most `maxBytes` each.
 *
 * A change of one rule changes one shard. Filling shards one after the other would not give that: a rule that grows
 * pushes everything behind it along. Here the hash of its name decides where a file lives, as in extendible hashing: all
 * files share shard 0 until that is too large; then those whose next bit of the hash is 1 move out. What splits keeps its
 * number and adds one, and every other shard stays as it is. A file over the limit is divided by its groups in the same
 * way: `flood.yaml`, `flood-2.yaml`, ….
 *
 * A single group over the limit can't be divided; it gets a shard of its own, and the check `group-too-large` reports it.
 */
export function shardRules(files: readonly RuleFile[], maxBytes = MAX_SHARD_BYTES, name = 'loki-rules'): RuleShard[] {
  const names = new Set(files.map((file) => file.name));
  const parts = files.flatMap((file) => divideFile(file, maxBytes, names));
  const buckets = distribute(parts, { name: (part) => part.key, size: (part) => part.bytes, maxBytes });
  return buckets.map(({ number, items }) => ({
    name: `${name}-${number}`,
    data: Object.fromEntries(items.map(({ key, yaml }) => [key, yaml]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1))),
  }));
}

/** Bytes that a group takes in a shard when it is alone in its file. */
export function groupBytes(group: RuleGroup): number {
  return appliedBytes('', joinGroups([groupToYaml(group)]));
}

interface Part {
  readonly key: string;
  readonly yaml: string;
  readonly bytes: number;
}

function divideFile({ name, groups }: RuleFile, maxBytes: number, taken: ReadonlySet<string>): Part[] {
  // Writing YAML is what takes the time here, so each group is written once.
  const written = groups.map((group) => ({ name: group.name, yaml: groupToYaml(group) }));
  const toPart = (key: string, part: typeof written): Part => {
    const yaml = joinGroups(part.map((group) => group.yaml));
    return { key, yaml, bytes: appliedBytes(key, yaml) };
  };
  const whole = toPart(name, written);
  if (whole.bytes <= maxBytes) return [whole];
  const buckets = distribute(written, {
    name: (group) => group.name,
    size: (group) => appliedBytes('', group.yaml),
    // What the key and the frame around the groups take; a part's number adds a few characters to the key.
    maxBytes: maxBytes - appliedBytes(`${name}-0000`, joinGroups([''])),
  });
  return buckets.map(({ number, items }) => toPart(partName(name, number, taken), [...items]));
}

function partName(fileName: string, number: number, taken: ReadonlySet<string>): string {
  if (number === 0) return fileName;
  const [, stem = fileName, extension = ''] = /^(.*?)(\.[^.]*)?$/s.exec(fileName) ?? [];
  let separator = '-';
  while (taken.has(`${stem}${separator}${number + 1}${extension}`)) separator += '-';
  return `${stem}${separator}${number + 1}${extension}`;
}

/**
 * Bytes of one ConfigMap entry in the annotation of `kubectl apply`: JSON as Go writes it, where `<`, `>` and `&` become
 * six bytes each (https://pkg.go.dev/encoding/json#Marshal).
 */
function appliedBytes(key: string, text: string): number {
  const json = JSON.stringify({ [key]: text });
  return Buffer.byteLength(json) + 5 * (json.match(/[<>&]/g)?.length ?? 0);
}

interface Distribution<T> {
  readonly name: (item: T) => string;
  readonly size: (item: T) => number;
  readonly maxBytes: number;
}

interface Bucket<T> {
  readonly number: number;
  readonly items: readonly T[];
}

/** Extendible hashing: bucket `number` at depth `d` holds what has `number` in the lowest `d` bits of its hash. */
function distribute<T>(items: readonly T[], { name, size, maxBytes }: Distribution<T>): Bucket<T>[] {
  const hashes = new Map(items.map((item) => [item, createHash('sha256').update(name(item)).digest().readUInt32LE()]));
  const split = (bucket: Bucket<T>, depth: number): Bucket<T>[] => {
    const bytes = bucket.items.reduce((sum, item) => sum + size(item), 0);
    // 32: the bits of the hash; only equal names get there.
    if (bytes <= maxBytes || bucket.items.length === 1 || depth === 32) return [bucket];
    const bit = (item: T) => ((hashes.get(item) ?? 0) >>> depth) & 1;
    const half = (wanted: number) => bucket.items.filter((item) => bit(item) === wanted);
    return [
      ...split({ number: bucket.number, items: half(0) }, depth + 1),
      ...split({ number: bucket.number + 2 ** depth, items: half(1) }, depth + 1),
    ];
  };
  return split({ number: 0, items }, 0)
    .filter((bucket) => bucket.items.length > 0)
    .sort((a, b) => a.number - b.number);
}
