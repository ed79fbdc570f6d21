import { byteQuantity, quantityValue } from '../kubernetes/quantity';
import type { Resources } from '../kubernetes/resources';
import { DEFAULT_REPLICATION_FACTOR, DEFAULT_STORAGE } from './distributed';
import type { RuleCost } from './rule-cost';
import { burstMb, DEFAULT_RATE_MB } from './shared-config';
import { type SingleCapacity, singleCapacity } from './single-capacity';
import { podsName } from './target';
import { LOKI_TARGETS, type LokiTargetName, type ScalableTarget } from './targets';
import type { LokiLimits } from './tenant-limits';

/** The load to size Loki for. */
export interface CapacityInput {
  /** Lines per second, on average over the busiest hour. */
  readonly linesPerSecond: number;
  /** Average size of a line, bytes. */
  readonly lineBytes: number;
  /** Retention, seconds. */
  readonly retentionSeconds: number;
  /** Number of ingesters that store each line. @default 3 */
  readonly replicationFactor?: number;
  /** Cost of the rules at this load. @default none */
  readonly rules?: readonly RuleCost[];
}

/** The size of a distributed Loki. `options` and `pods` are values of `loki` and `pods` in `LogAlertingProps`. */
export interface Capacity {
  /** Bytes of lines per day. */
  readonly bytesPerDay: number;
  /** Bytes in object storage at the end of the retention. */
  readonly bucketBytes: number;
  /** Size of an ingester's write-ahead log, bytes. */
  readonly walBytes: number;
  /** Cores that rules use, in rulers and ingesters together. */
  readonly ruleCores: number;
  /** The size of a single Loki for the same load. */
  readonly single: SingleCapacity;
  /** Requests of all pods of Loki together. */
  readonly requests: { readonly cpu: number; readonly memoryBytes: number; readonly diskBytes: number };
  readonly options: {
    readonly replicas: Readonly<Record<ScalableTarget, number>>;
    readonly replicationFactor: number;
    readonly storage: string;
    readonly limits: Required<Pick<LokiLimits, 'ingestion_rate_mb' | 'ingestion_burst_size_mb'>>;
  };
  readonly pods: Readonly<Record<TargetPodsName, { readonly resources: TargetResources }>>;
}

/** Requests and limits of a target's pods. */
type TargetResources = Pick<Resources, 'cpu' | 'memory' | 'memoryLimit'>;

type TargetPodsName = ReturnType<typeof podsName<LokiTargetName>>;

/** Number of pods and their requests at some load. */
interface Size {
  readonly replicas: number;
  /** Cores. */
  readonly cpu: number;
  /** GiB. */
  readonly memory: number;
}

const TERA = 1e12;

/**
 * Grafana's sizes for 3 and for 30 TB per day: p90 of their own clusters. There are none for larger loads.
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

/** Loads of the documented sizes, bytes per day. */
const DOCUMENTED_LOADS = [3 * TERA, 30 * TERA] as const;

/** Largest load with documented sizes, bytes per day. */
export const MAX_BYTES_PER_DAY = DOCUMENTED_LOADS[1];

/**
 * Bytes in object storage per byte of logs and copy: three copies of access logs with different addresses and paths
 * take 0.26 (`npm run bench -- distributed`). Chunks of the copies start at different lines, so that they are not
 * deduplicated.
 */
const STORED_PER_COPY = 0.1;

/** Loki's default interval of checkpoints of the write-ahead log; each deletes older segments. */
const CHECKPOINT_SECONDS = 300;

/** Ingesters cannot write to the write-ahead log when the volume is full. */
const DISK_HEADROOM = 2;

/** Ratio of the ingestion limit to the average of the busiest hour: for peaks of minutes, and for labels. */
const PEAK = 2;

/** Ratio of memory limits to requests, at least as in `LOKI_TARGETS`. */
const LIMIT_TO_REQUEST = 2;

/**
 * Computes sizes by linear interpolation between those measured by this project at 2,000 lines/s (`LOKI_TARGETS`) and
 * Grafana's. More load never results in a smaller size.
 * @throws RangeError if the load is larger than the documented ones
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
  if (bytesPerDay > MAX_BYTES_PER_DAY) {
    throw new RangeError(
      `${(bytesPerDay / TERA).toFixed(1)} TB per day exceed the documented maximum of ${MAX_BYTES_PER_DAY / TERA} TB: split the load over several Lokis, or measure`,
    );
  }
  // Rulers read all copies of a line, since any ingester may miss lines.
  const ruleCores = replicationFactor * rules.reduce((sum, { cores }) => sum + cores, 0);
  const storedBytes = bytesPerSecond * retentionSeconds * STORED_PER_COPY;
  const sizes = {
    ...Object.fromEntries(names(DOCUMENTED).map((name) => [name, sizeAt(name, bytesPerDay, DOCUMENTED[name])])),
    ruler: rulers(ruleCores, sizeAt('ruler', bytesPerDay, DOCUMENTED.querier)),
  } as Record<LokiTargetName, Size>;
  const ingesters = Math.max(sizes.ingester.replicas, replicationFactor);
  const walBytes = 2 * CHECKPOINT_SECONDS * ((bytesPerSecond * replicationFactor) / ingesters);
  // A checkpoint has the size of the ingester's memory.
  const storage = Math.max(
    quantityValue(DEFAULT_STORAGE),
    DISK_HEADROOM * (walBytes + sizes.ingester.memory * 2 ** 30),
  );
  const replicas = Object.fromEntries(names(sizes).map((name) => [name, sizes[name].replicas]));
  const { compactor: _, ...scalable } = { ...replicas, ingester: ingesters } as Record<LokiTargetName, number>;
  const total = (of: (name: LokiTargetName) => number) =>
    names(sizes).reduce((sum, name) => sum + of(name) * (name === 'ingester' ? ingesters : sizes[name].replicas), 0);
  // In Loki, 1 MB is 1,048,576 bytes, and the labels of a line count too.
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
 * Returns the size of rulers, which evaluate queries in their own process, each group in one ruler. They need as much
 * memory as queriers.
 *
 * @param cores cores that rules use, including those of ingesters, as a reserve for groups of unequal cost
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
    // Never below this project's size at low load.
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
