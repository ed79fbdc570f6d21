import { k8s } from 'cdk8s-plus-27';
import { byteQuantity } from '../kubernetes/quantity';

/** Maximum number of marks per file of retention: `maxMarkPerFile` of Loki's compactor. */
const MARKS_PER_FILE = 100_000;

/**
 * Bytes of a mark in that BoltDB file: 24 for the entry and its number, 150 for the longest tenant ID, and 54 for
 * `/fingerprint:from:through:checksum`.
 */
const MARK_BYTES = 24 + 150 + 54;

/** Increment of BoltDB's file size: `DefaultAllocSize`. */
const ALLOCATION = 16 * 2 ** 20;

const FILE = Math.ceil((MARKS_PER_FILE * MARK_BYTES) / ALLOCATION) * ALLOCATION;

/** Number of files: one for new marks, and a copy of the one that is processed. */
const FILES = 2;

/** Killed processes whose files remain; afterwards the pod is replaced. */
const KILLED = 1;

/**
 * Volume for the marker files of retention, which the compactor always writes to `os.TempDir()`. It is not on the data
 * volume, since retention must work when that is full. No other part of Loki writes there.
 */
export const TMP = {
  mount: { '/tmp': 'tmp' },
  volume: {
    name: 'tmp',
    emptyDir: { sizeLimit: k8s.Quantity.fromString(byteQuantity(FILE * FILES * (1 + KILLED))) },
  } satisfies k8s.Volume,
} as const;
