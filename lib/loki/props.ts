import type { Autoscaling } from '../kubernetes/autoscaling';
import type { Duration } from '../rules/model';
import type { Caches } from './cache';
import type { LokiFilesProps } from './files';
import type { ObjectStorage } from './object-storage';
import type { AutoscaledTarget, ScalableTarget } from './targets';
import type { LokiLimits } from './tenant-limits';

/** Options of Loki in every profile. */
export interface SharedLokiOptions {
  /** Time that logs are kept. @default '168h', 7 days */
  readonly retention?: Duration;
  /** Limits of tenants without their own; without `tenants`, of the whole Loki. @default as in `TenantLimits` */
  readonly limits?: LokiLimits;
  /** Evaluation interval of groups without `interval`. @default '1m', as Loki; '15s' in the demo */
  readonly evaluationInterval?: Duration;
  /**
   * Size of the volume claim, a Kubernetes quantity; with profile `distributed`, of each ingester, index gateway and of
   * the compactor.
   * @default '5Gi'; '10Gi' with profile `distributed`
   */
  readonly storage?: string;
}

/**
 * Options of one Loki process with a disk; `loki-alerts capacity` reports whether it suffices for a load and its rules.
 */
export interface SingleLokiOptions extends SharedLokiOptions {
  /** Only supported by the profile `distributed`. @default none */
  readonly objectStorage?: undefined;
  /** Only supported by the profile `external`. @default none */
  readonly external?: undefined;
}

/** Options of a distributed Loki: one workload per target, on object storage. */
export interface DistributedLokiOptions extends SharedLokiOptions {
  /** Bucket for chunks and index. */
  readonly objectStorage: ObjectStorage;
  /**
   * Number of pods per target; of ingesters, in all zones together.
   * @default 3 distributors and ingesters, 2 of the others
   */
  readonly replicas?: Readonly<Partial<Record<ScalableTarget, number>>>;
  /** Bounds of the number of pods per target, which follows their CPU usage, instead of `replicas`. @default none */
  readonly autoscaling?: Readonly<Partial<Record<AutoscaledTarget, Autoscaling>>>;
  /** Number of ingesters that store each log line; less than half of them may be lost. @default 3 */
  readonly replicationFactor?: number;
  /**
   * Zones of the cluster, as in the label `topology.kubernetes.io/zone` of nodes. Each has the same number of
   * ingesters, and the copies of a line go to different zones. An apply does not replace the pods of ingesters then:
   * see docs/capacity.md.
   * @default ingesters are spread over all zones, and copies of a line may be in the same one
   */
  readonly zones?: readonly string[];
  /** memcached for chunks and query results. @default 100 MB in each process */
  readonly caches?: Caches;
}

/** Options of Loki in any profile. */
export type LokiOptions = SingleLokiOptions | DistributedLokiOptions;

/** Props of Loki: its options, and the programs it connects to. */
export interface LokiProps extends LokiFilesProps, SharedLokiOptions {
  /** Base URL of the Alertmanager. */
  readonly alertmanagerUrl: string;
  /** Secret with `username` and `password` of the Alertmanager. @default none */
  readonly alertmanagerAuthSecret?: string;
  /** Base URL at which users open Grafana. */
  readonly grafanaUrl: string;
  /** UID of the Loki datasource in Grafana. */
  readonly datasourceUid: string;
  /** Storage class of the volume claims. @default the cluster's default class */
  readonly storageClassName?: string;
  /** Name of the cluster, for a label of every alert. @default none */
  readonly cluster?: string;
  /** True to cut lines of more than 256 kB, which Loki otherwise refuses. @default false */
  readonly cutLines?: boolean;
}

/** Props of a distributed Loki. */
export interface DistributedLokiProps extends LokiProps, DistributedLokiOptions {}
