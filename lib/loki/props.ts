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
  /** Limits of a tenant that has none of its own; without `tenants`, of everybody. @default as in `TenantLimits` */
  readonly limits?: LokiLimits;
  /** Time between two evaluations of a rule whose group has no `interval`. @default '1m', as Loki; '15s' in the demo */
  readonly evaluationInterval?: Duration;
  /**
   * Size of the volume claim, a Kubernetes quantity; with profile `distributed`, of each ingester, index gateway and of
   * the compactor.
   * @default '5Gi'; '10Gi' with profile `distributed`
   */
  readonly storage?: string;
}

/** One Loki process with a disk; `loki-alerts capacity` reports whether it suffices for a load and its rules. */
export interface SingleLokiOptions extends SharedLokiOptions {
  /** Only supported by the profile `distributed`. @default none */
  readonly objectStorage?: undefined;
}

/** Loki's targets as workloads of their own, on object storage. */
export interface DistributedLokiOptions extends SharedLokiOptions {
  /** Bucket for chunks and index. */
  readonly objectStorage: ObjectStorage;
  /** Pods of each target; of ingesters, in all zones together. @default 3 distributors and ingesters, 2 of the others */
  readonly replicas?: Readonly<Partial<Record<ScalableTarget, number>>>;
  /** Targets whose number Kubernetes chooses by their CPU, instead of `replicas`. @default none */
  readonly autoscaling?: Readonly<Partial<Record<AutoscaledTarget, Autoscaling>>>;
  /** Number of ingesters that hold each log line; less than half of them may be lost. @default 3 */
  readonly replicationFactor?: number;
  /**
   * Zones of the cluster's nodes, as in their label `topology.kubernetes.io/zone`: as many ingesters in each, and the
   * copies of a line in different ones. Their pods are then not replaced by an apply alone: see docs/capacity.md.
   * @default spread over the zones there are, where a line's copies may share one
   */
  readonly zones?: readonly string[];
  /** memcached for what queries read from object storage, and for their answers. @default 100 MB in each process */
  readonly caches?: Caches;
}

/** Options of Loki; the profile says which of the two. */
export type LokiOptions = SingleLokiOptions | DistributedLokiOptions;

/** What every Loki is made with: its options, and its neighbors. */
export interface LokiProps extends LokiFilesProps, SharedLokiOptions {
  /** Base URL of the Alertmanager. */
  readonly alertmanagerUrl: string;
  /** Secret with the `username` and `password` of the Alertmanager. @default none */
  readonly alertmanagerAuthSecret?: string;
  /** Base URL of Grafana as people open it. */
  readonly grafanaUrl: string;
  /** Grafana's uid of the Loki datasource. */
  readonly datasourceUid: string;
  /** Storage class of the volume claims. @default the cluster's default class */
  readonly storageClassName?: string;
}

/** The same of a distributed Loki. */
export interface DistributedLokiProps extends LokiProps, DistributedLokiOptions {}
