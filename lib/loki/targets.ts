import type { Resources } from '../kubernetes/resources';
import { durationMs } from '../text/duration';
import { QUERY_TIMEOUT } from './timeouts';

/** The parts of a distributed Loki, as `loki -list-targets` names them. */
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
  /** Pods with names that stay, or pods that come and go. */
  readonly kind: 'StatefulSet' | 'Deployment';
  /** How many there are unless the options say otherwise. */
  readonly replicas: number;
  readonly resources: Resources;
  /** Whether it has a disk that survives the pod. */
  readonly disk: boolean;
  /** Whether it writes temporary files. @default false */
  readonly tmp?: boolean;
  /** Whether it reads or writes the bucket. */
  readonly objectStorage: boolean;
  /** Whether its name has an address for each pod, because its clients choose among them. */
  readonly headless: boolean;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly terminationGracePeriodSeconds: number;
}

/**
 * Each takes 130 MiB at 2,000 lines/s; what queries over a flood need comes on top. Two of a kind are for the loss of
 * one, not for load.
 */
const SMALL: Resources = { cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' };

/** Holds two hours of chunks in memory before they go to object storage. */
const INGESTER: Resources = { cpu: '250m', memory: '1Gi', memoryLimit: '2Gi' };

/** Holds the chunks of the queries that it runs. */
const QUERIER: Resources = { cpu: '250m', memory: '512Mi', memoryLimit: '2Gi' };

const STATELESS = { kind: 'Deployment', disk: false, terminationGracePeriodSeconds: 30 } as const;

/** How each target runs. */
export const LOKI_TARGETS: Readonly<Record<LokiTargetName, LokiTargetSpec>> = {
  distributor: { ...STATELESS, replicas: 3, resources: SMALL, objectStorage: false, headless: false },
  ingester: {
    kind: 'StatefulSet',
    replicas: 3,
    resources: INGESTER,
    disk: true,
    objectStorage: true,
    headless: true,
    // It hands nothing over: what is in memory is in the write-ahead log, but a large one takes minutes to close.
    terminationGracePeriodSeconds: 300,
  },
  'query-frontend': { ...STATELESS, replicas: 2, resources: SMALL, objectStorage: false, headless: false },
  'query-scheduler': { ...STATELESS, replicas: 2, resources: SMALL, objectStorage: false, headless: true },
  // It ends when the queries have ended that it runs; half a minute is for what it does before and after.
  querier: {
    ...STATELESS,
    replicas: 2,
    resources: QUERIER,
    objectStorage: true,
    headless: false,
    terminationGracePeriodSeconds: Number(durationMs(QUERY_TIMEOUT)) / 1000 + 30,
  },
  // Its disk is a cache: without it, it would read the whole index from object storage at each start.
  'index-gateway': {
    kind: 'StatefulSet',
    replicas: 2,
    resources: SMALL,
    disk: true,
    objectStorage: true,
    headless: true,
    terminationGracePeriodSeconds: 60,
  },
  // One and no more: two would delete the same things. Its disk remembers what retention still has to delete.
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
  // Names that stay: a ruler that comes back takes its place on the ring again, and nobody waits for a dead one.
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

/** Those that keep nothing, so that Kubernetes may choose their number. */
export const AUTOSCALED_TARGETS = ['distributor', 'query-frontend', 'querier'] as const;

export type AutoscaledTarget = (typeof AUTOSCALED_TARGETS)[number];

/** Those whose number is a matter of load or of safety; the compactor is one. */
export type ScalableTarget = Exclude<LokiTargetName, 'compactor'>;
