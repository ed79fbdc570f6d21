import { k8s } from 'cdk8s-plus-27';
import { byteQuantity } from '../kubernetes/quantity';

/** Chunks that retention marks in one file before it begins another: `maxMarkPerFile` of Loki's compactor. */
const MARKS_PER_FILE = 100_000;

/**
 * Bytes of a mark in that BoltDB file: 24 for the entry and its number, the longest name of a tenant, and 54 of
 * `/fingerprint:from:through:checksum`.
 */
const MARK_BYTES = 24 + 150 + 54;

/** BoltDB makes its file longer by so much at a time: `DefaultAllocSize`. */
const ALLOCATION = 16 * 2 ** 20;

const FILE = Math.ceil((MARKS_PER_FILE * MARK_BYTES) / ALLOCATION) * ALLOCATION;

/** One that marks are written to, and the copy of one whose chunks are deleted. */
const FILES = 2;

/** A process that is killed leaves its files there, and the next one has as many; after that the pod is replaced. */
const KILLED = 1;

/**
 * Where the compactor writes: retention keeps its marker files in `os.TempDir()`, whatever the configuration says. Not
 * on the data volume: when that is full, retention is what makes room again. No other part of Loki writes there.
 */
export const TMP = {
  mount: { '/tmp': 'tmp' },
  volume: {
    name: 'tmp',
    emptyDir: { sizeLimit: k8s.Quantity.fromString(byteQuantity(FILE * FILES * (1 + KILLED))) },
  } satisfies k8s.Volume,
} as const;
