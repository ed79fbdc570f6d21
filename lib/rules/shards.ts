import { createHash } from 'node:crypto';
import type { RuleFile, RuleGroup } from './model';
import { groupToYaml, joinGroups } from './write';

/** Rule files for one ConfigMap. */
export interface RuleShard {
  /** Name of the ConfigMap: `loki-rules-0`, `loki-rules-1`, …; numbers may have gaps. */
  readonly name: string;
  /** YAML by file name. No two shards have the same file name, so that all can be mounted in one folder. */
  readonly data: Readonly<Record<string, string>>;
}

/**
 * Maximum size of a shard in bytes. `kubectl apply` stores the whole object as JSON in an annotation, and Kubernetes
 * allows 256 KiB of annotations (`TotalAnnotationSizeLimitB` in apimachinery's pkg/api/validation/objectmeta.go); the
 * rest is for the ConfigMap's own metadata.
 */
export const MAX_SHARD_BYTES = 200 * 1024;

/**
 * Distributes rule files over ConfigMaps of at most `maxBytes` each.
 *
 * A change of one rule changes one shard. If shards were filled in order, a rule that grows would move all files after
 * it. Instead, the hash of its name assigns a file to a shard, as in extendible hashing: all files are in shard 0 until
 * it is too large; then the files whose next bit of the hash is 1 move to a new shard. The other shards do not change.
 * A file over the limit is split by its groups in the same way: `flood.yaml`, `flood-2.yaml`, ….
 *
 * A single group over the limit cannot be split; it gets its own shard, and the check `group-too-large` reports it.
 */
export function shardRules(files: readonly RuleFile[], maxBytes = MAX_SHARD_BYTES, name = 'loki-rules'): RuleShard[] {
  const parts = divideFiles(files, maxBytes);
  const buckets = distribute(parts, { name: (part) => part.key, size: (part) => part.bytes, maxBytes });
  return buckets.map(({ number, items }) => ({
    name: `${name}-${number}`,
    data: Object.fromEntries(items.map(({ key, yaml }) => [key, yaml]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1))),
  }));
}

/** Size of a group in a shard, in bytes, if it is alone in its file. */
export function groupBytes(group: RuleGroup): number {
  return appliedBytes('', joinGroups([groupToYaml(group)]));
}

/** A rule file, or some groups of a file over the limit. */
export interface RulePart {
  readonly file: RuleFile;
  /** File name, different from that of all other parts. */
  readonly key: string;
  readonly groups: readonly RuleGroup[];
  readonly yaml: string;
  /** Size in a ConfigMap, in bytes. */
  readonly bytes: number;
}

/** Splits files over the limit by their groups. A group stays in its part, unless a part exceeds the limit. */
export function divideFiles(files: readonly RuleFile[], maxBytes = MAX_SHARD_BYTES): RulePart[] {
  const names = new Set(files.map((file) => file.name));
  return files.flatMap((file) => divideFile(file, maxBytes, names));
}

function divideFile(file: RuleFile, maxBytes: number, taken: ReadonlySet<string>): RulePart[] {
  const { name, groups } = file;
  // Writing YAML is slow, so each group is written once.
  const written = groups.map((group) => ({ name: group.name, group, yaml: groupToYaml(group) }));
  const toPart = (key: string, part: typeof written): RulePart => {
    const yaml = joinGroups(part.map((each) => each.yaml));
    return { file, key, groups: part.map(({ group }) => group), yaml, bytes: appliedBytes(key, yaml) };
  };
  const whole = toPart(name, written);
  if (whole.bytes <= maxBytes) return [whole];
  const buckets = distribute(written, {
    name: (group) => group.name,
    size: (group) => appliedBytes('', group.yaml),
    // Minus the key and the text around the groups; the number of a part adds a few characters to the key.
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
 * Size of one ConfigMap entry in the annotation of `kubectl apply`, in bytes: JSON as Go writes it, with six bytes for
 * each `<`, `>` and `&` (https://pkg.go.dev/encoding/json#Marshal).
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

/**
 * Extendible hashing: bucket `number` at depth `d` contains the items whose lowest `d` bits of the hash are `number`.
 */
function distribute<T>(items: readonly T[], { name, size, maxBytes }: Distribution<T>): Bucket<T>[] {
  const hashes = new Map(items.map((item) => [item, createHash('sha256').update(name(item)).digest().readUInt32LE()]));
  const split = (bucket: Bucket<T>, depth: number): Bucket<T>[] => {
    const bytes = bucket.items.reduce((sum, item) => sum + size(item), 0);
    // 32: number of bits of the hash; only equal names get there.
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
