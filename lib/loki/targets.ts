import type { Resources } from '../kubernetes/resources';
import { durationMs } from '../text/duration';
import { QUERY_TIMEOUT } from './timeouts';

/** Targets of a distributed Loki, as in `loki -list-targets`. */
export type LokiTargetName =
  | 'distributor'
  | 'ingester'
  | 'query-frontend'
  | 'query-scheduler'
  | 'querier'
  | 'index-gateway'
  | 'compactor'
  | 'ruler';

export interface LokiTargetSpec {
  /** Kind of the workload; pods of a StatefulSet have stable names. */
  readonly kind: 'StatefulSet' | 'Deployment';
  /** Default number of pods. */
  readonly replicas: number;
  readonly resources: Resources;
  /** True if it has a persistent disk. */
  readonly disk: boolean;
  /** True if it writes temporary files. @default false */
  readonly tmp?: boolean;
  /** True if it reads or writes the bucket. */
  readonly objectStorage: boolean;
  /** True if its Service is headless, because clients choose among pods. */
  readonly headless: boolean;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly terminationGracePeriodSeconds: number;
}

/**
 * Measured: 130 MiB at 2,000 lines/s; queries over a flood need more. Two pods are for the failure of one, not for
 * load.
 */
const SMALL: Resources = { cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' };

/** Ingesters keep two hours of chunks in memory before they flush them to object storage. */
const INGESTER: Resources = { cpu: '250m', memory: '1Gi', memoryLimit: '2Gi' };

/** Queriers keep the chunks of running queries in memory. */
const QUERIER: Resources = { cpu: '250m', memory: '512Mi', memoryLimit: '2Gi' };

const STATELESS = { kind: 'Deployment', disk: false, terminationGracePeriodSeconds: 30 } as const;

/** Workloads of the targets. */
export const LOKI_TARGETS: Readonly<Record<LokiTargetName, LokiTargetSpec>> = {
  distributor: { ...STATELESS, replicas: 3, resources: SMALL, objectStorage: false, headless: false },
  ingester: {
    kind: 'StatefulSet',
    replicas: 3,
    resources: INGESTER,
    disk: true,
    objectStorage: true,
    headless: true,
    // Data in memory is in the write-ahead log, but closing a large one takes minutes.
    terminationGracePeriodSeconds: 300,
  },
  'query-frontend': { ...STATELESS, replicas: 2, resources: SMALL, objectStorage: false, headless: false },
  'query-scheduler': { ...STATELESS, replicas: 2, resources: SMALL, objectStorage: false, headless: true },
  // A querier exits after its running queries; half a minute is for the rest of the shutdown.
  querier: {
    ...STATELESS,
    replicas: 2,
    resources: QUERIER,
    objectStorage: true,
    headless: false,
    terminationGracePeriodSeconds: Number(durationMs(QUERY_TIMEOUT)) / 1000 + 30,
  },
  // The disk is a cache: without it, each start would read the whole index from object storage.
  'index-gateway': {
    kind: 'StatefulSet',
    replicas: 2,
    resources: SMALL,
    disk: true,
    objectStorage: true,
    headless: true,
    terminationGracePeriodSeconds: 60,
  },
  // Exactly one: two would delete the same data. The disk has the marks of chunks that retention still has to delete.
  compactor: {
    kind: 'StatefulSet',
    replicas: 1,
    resources: SMALL,
    disk: true,
    tmp: true,
    objectStorage: true,
    headless: true,
    terminationGracePeriodSeconds: 60,
  },
  // A restarted ruler with the same name replaces its entry in the ring, so that no other waits for a dead one.
  ruler: {
    kind: 'StatefulSet',
    replicas: 2,
    resources: SMALL,
    disk: false,
    objectStorage: true,
    headless: false,
    terminationGracePeriodSeconds: 60,
  },
};

/** Stateless targets, which can be autoscaled. */
export const AUTOSCALED_TARGETS = ['distributor', 'query-frontend', 'querier'] as const;

export type AutoscaledTarget = (typeof AUTOSCALED_TARGETS)[number];

/** Targets with a configurable number of pods; there is always one compactor. */
export type ScalableTarget = Exclude<LokiTargetName, 'compactor'>;
