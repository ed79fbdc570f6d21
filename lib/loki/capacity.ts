import { byteQuantity, quantityValue } from '../kubernetes/quantity';
import type { Resources } from '../kubernetes/resources';
import { DEFAULT_REPLICATION_FACTOR, DEFAULT_STORAGE } from './distributed';
import type { RuleCost } from './rule-cost';
import { burstMb, DEFAULT_RATE_MB } from './shared-config';
import { type SingleCapacity, singleCapacity } from './single-capacity';
import { podsName } from './target';
import { LOKI_TARGETS, type LokiTargetName, type ScalableTarget } from './targets';
import type { LokiLimits } from './tenant-limits';

/** What there is to hold. */
export interface CapacityInput {
  /** Lines per second, on average over the busiest hour: what comes in peaks must fit too. */
  readonly linesPerSecond: number;
  /** Bytes of a line, on average. */
  readonly lineBytes: number;
  /** How long logs are kept, in seconds. */
  readonly retentionSeconds: number;
  /** On how many ingesters each line lies. @default 3 */
  readonly replicationFactor?: number;
  /** What the rules take of one Loki at this load. @default there are none */
  readonly rules?: readonly RuleCost[];
}

/** A distributed Loki that holds it. `options` are those of `loki` in `LogAlertingProps`, `pods` those of `pods`. */
export interface Capacity {
  /** Bytes of lines a day. */
  readonly bytesPerDay: number;
  /** Bytes in object storage once the retention is full. */
  readonly bucketBytes: number;
  /** Bytes that an ingester's write-ahead log takes on its disk. */
  readonly walBytes: number;
  /** Cores that rules take, of rulers and ingesters together. */
  readonly ruleCores: number;
  /** One Loki instead. */
  readonly single: SingleCapacity;
  /** What all pods of Loki ask for together. */
  readonly requests: { readonly cpu: number; readonly memoryBytes: number; readonly diskBytes: number };
  readonly options: {
    readonly replicas: Readonly<Record<ScalableTarget, number>>;
    readonly replicationFactor: number;
    readonly storage: string;
    readonly limits: Required<Pick<LokiLimits, 'ingestion_rate_mb' | 'ingestion_burst_size_mb'>>;
  };
  readonly pods: Readonly<Record<TargetPodsName, { readonly resources: TargetResources }>>;
}

/** What a target's pods ask for, and may use at most. */
type TargetResources = Pick<Resources, 'cpu' | 'memory' | 'memoryLimit'>;

type TargetPodsName = ReturnType<typeof podsName<LokiTargetName>>;

/** A pod's requests and the number of pods, at some load. */
interface Size {
  readonly replicas: number;
  /** Cores. */
  readonly cpu: number;
  /** GiB. */
  readonly memory: number;
}

const TERA = 1e12;

/**
 * Grafana's figures, for 3 and for 30 TB a day; p90 of what their own clusters use. Nothing is said beyond.
 * @see https://grafana.com/docs/loki/latest/setup/size/
 */
const DOCUMENTED: Readonly<Record<Exclude<LokiTargetName, 'ruler'>, readonly [Size, Size]>> = {
  ingester: [
    { replicas: 6, cpu: 2, memory: 4 },
    { replicas: 90, cpu: 2, memory: 6 },
  ],
  distributor: [
    { replicas: 4, cpu: 2, memory: 0.5 },
    { replicas: 40, cpu: 2, memory: 1 },
  ],
  'index-gateway': [
    { replicas: 4, cpu: 0.5, memory: 2 },
    { replicas: 10, cpu: 0.5, memory: 4 },
  ],
  querier: [
    { replicas: 10, cpu: 1, memory: 1 },
    { replicas: 100, cpu: 1.5, memory: 2 },
  ],
  'query-frontend': [
    { replicas: 2, cpu: 1, memory: 2 },
    { replicas: 8, cpu: 1, memory: 2 },
  ],
  'query-scheduler': [
    { replicas: 2, cpu: 1, memory: 0.5 },
    { replicas: 2, cpu: 1, memory: 0.5 },
  ],
  compactor: [
    { replicas: 1, cpu: 2, memory: 10 },
    { replicas: 1, cpu: 6, memory: 20 },
  ],
};

/** Loads that those are for, in bytes a day. */
const DOCUMENTED_LOADS = [3 * TERA, 30 * TERA] as const;

/** Bytes a day above which nobody has said what is needed. */
export const MOST_BYTES_PER_DAY = DOCUMENTED_LOADS[1];

/**
 * Bytes in object storage a byte of logs, for each copy: three take 0.26 together of access logs with different addresses
 * and paths (`npm run bench -- distributed`). The copies are cut at different lines, so that each is kept.
 */
const STORED_PER_COPY = 0.1;

/** Between two checkpoints of the write-ahead log; older parts of it are deleted after each. Loki's default. */
const CHECKPOINT_SECONDS = 300;

/** The kubelet evicts nothing from a claim: when it is full, the ingester writes no log any more. */
const DISK_HEADROOM = 2;

/** Loki may take so many times the average of the busiest hour before it refuses lines: peaks of minutes, and labels. */
const PEAK = 2;

/** As the limits of `LOKI_TARGETS` stand to their requests, or more. */
const LIMIT_TO_REQUEST = 2;

/**
 * Sizes between those that are known: what this project measured at 2,000 lines/s (`LOKI_TARGETS`), and Grafana's
 * figures, in a straight line. More load never asks for less.
 */
export function capacity(input: CapacityInput): Capacity {
  const {
    linesPerSecond,
    lineBytes,
    retentionSeconds,
    replicationFactor = DEFAULT_REPLICATION_FACTOR,
    rules = [],
  } = input;
  const bytesPerSecond = linesPerSecond * lineBytes;
  const bytesPerDay = bytesPerSecond * 86_400;
  if (bytesPerDay > MOST_BYTES_PER_DAY) {
    throw new RangeError(
      `${(bytesPerDay / TERA).toFixed(1)} TB a day are more than the ${MOST_BYTES_PER_DAY / TERA} that there are figures for: split the load over several Lokis, or measure`,
    );
  }
  // Each copy of a line is read, for any ingester may miss some.
  const ruleCores = replicationFactor * rules.reduce((sum, { cores }) => sum + cores, 0);
  const storedBytes = bytesPerSecond * retentionSeconds * STORED_PER_COPY;
  const sizes = {
    ...Object.fromEntries(names(DOCUMENTED).map((name) => [name, sizeAt(name, bytesPerDay, DOCUMENTED[name])])),
    ruler: rulers(ruleCores, sizeAt('ruler', bytesPerDay, DOCUMENTED.querier)),
  } as Record<LokiTargetName, Size>;
  const ingesters = Math.max(sizes.ingester.replicas, replicationFactor);
  const walBytes = 2 * CHECKPOINT_SECONDS * ((bytesPerSecond * replicationFactor) / ingesters);
  // A checkpoint is what the ingester has in memory.
  const storage = Math.max(
    quantityValue(DEFAULT_STORAGE),
    DISK_HEADROOM * (walBytes + sizes.ingester.memory * 2 ** 30),
  );
  const replicas = Object.fromEntries(names(sizes).map((name) => [name, sizes[name].replicas]));
  const { compactor: _, ...scalable } = { ...replicas, ingester: ingesters } as Record<LokiTargetName, number>;
  const total = (of: (name: LokiTargetName) => number) =>
    names(sizes).reduce((sum, name) => sum + of(name) * (name === 'ingester' ? ingesters : sizes[name].replicas), 0);
  // Loki's megabytes are those of 1,048,576 bytes; it counts labels of a line too.
  const rateMb = Math.max(DEFAULT_RATE_MB, Math.ceil((PEAK * bytesPerSecond) / 2 ** 20));
  return {
    bytesPerDay,
    bucketBytes: storedBytes * replicationFactor,
    walBytes,
    ruleCores,
    single: singleCapacity({
      linesPerSecond,
      storedBytes,
      walBytes: 2 * CHECKPOINT_SECONDS * bytesPerSecond,
      rules,
    }),
    requests: {
      cpu: total((name) => sizes[name].cpu),
      memoryBytes: total((name) => sizes[name].memory * 2 ** 30),
      diskBytes: total((name) => (LOKI_TARGETS[name].disk ? quantityValue(byteQuantity(storage)) : 0)),
    },
    options: {
      replicas: scalable,
      replicationFactor,
      storage: byteQuantity(storage),
      limits: { ingestion_rate_mb: rateMb, ingestion_burst_size_mb: burstMb(rateMb) },
    },
    pods: Object.fromEntries(
      names(sizes).map((name) => [podsName(name), { resources: resources(name, sizes[name]) }]),
    ) as Capacity['pods'],
  };
}

/**
 * They evaluate in the process itself, each group on one of them, and hold what they read as queriers do.
 *
 * @param cores that rules take; those of the ingesters are among them, which makes room for groups of unequal weight
 */
function rulers(cores: number, { memory }: Size): Size {
  const { replicas, resources } = LOKI_TARGETS.ruler;
  const each = Math.max(quantityValue(resources.cpu), Math.min(1, cores / replicas));
  return { replicas: Math.max(replicas, Math.ceil(cores)), cpu: Math.ceil(each * 20) / 20, memory };
}

function sizeAt(name: LokiTargetName, bytesPerDay: number, documented: readonly [Size, Size]): Size {
  const { replicas, resources } = LOKI_TARGETS[name];
  const own = { replicas, cpu: quantityValue(resources.cpu), memory: quantityValue(resources.memory) / 2 ** 30 };
  const along = (of: (size: Size) => number) => {
    const values = [own, ...documented].map(of);
    // Where Grafana needs less than this project starts with, that stays.
    const [zero = 0, small = 0, large = 0] = values.map((_, i) => Math.max(...values.slice(0, i + 1)));
    const [a, b] = DOCUMENTED_LOADS;
    return bytesPerDay <= a
      ? zero + ((small - zero) * bytesPerDay) / a
      : small + ((large - small) * (bytesPerDay - a)) / (b - a);
  };
  return {
    replicas: Math.ceil(along((size) => size.replicas)),
    cpu: Math.ceil(along((size) => size.cpu) * 20) / 20,
    memory: Math.ceil(along((size) => size.memory) * 8) / 8,
  };
}

function resources(name: LokiTargetName, { cpu, memory }: Size): TargetResources {
  const limit = Math.max(quantityValue(LOKI_TARGETS[name].resources.memoryLimit), memory * LIMIT_TO_REQUEST * 2 ** 30);
  return {
    cpu: `${Math.round(cpu * 1000)}m`,
    memory: byteQuantity(memory * 2 ** 30),
    memoryLimit: byteQuantity(limit),
  };
}

function names<Name extends string>(of: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(of) as Name[];
}
