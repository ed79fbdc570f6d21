import type { Component } from '../kubernetes/component';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import type { Flow } from '../kubernetes/network-policies';
import { DistributedLoki, type DistributedLokiProps } from './distributed';
import { Loki, type LokiProps } from './loki';

/** One Loki process with a disk; enough for a few thousand rules, or 10,000 lines per second. */
export type SingleLokiOptions = { readonly mode?: 'single' } & Pick<
  LokiProps,
  'retention' | 'evaluationInterval' | 'storage'
>;

/** Loki's targets as workloads of their own, on object storage. */
export type DistributedLokiOptions = { readonly mode: 'distributed' } & Pick<
  DistributedLokiProps,
  | 'objectStorage'
  | 'replicas'
  | 'autoscaling'
  | 'resources'
  | 'replicationFactor'
  | 'zones'
  | 'caches'
  | 'retention'
  | 'evaluationInterval'
  | 'storage'
>;

export type LokiOptions = SingleLokiOptions | DistributedLokiOptions;

/** Loki as its neighbours see it, in whatever mode. */
export interface LokiSystem {
  /** Takes log lines. */
  readonly push: Component;
  /** Answers queries, and questions about rules. */
  readonly query: Component;
  /** Sends alerts. */
  readonly ruler: Component;
  /** What serves metrics of Loki. */
  readonly targets: readonly Component[];
  /** All there is. */
  readonly components: readonly Component[];
  /** Connections among them, and to object storage. */
  readonly flows: readonly Flow[];
}

/** Makes the Loki that the options ask for. */
export function lokiSystem(
  chart: NamespacedChart,
  options: LokiOptions = {},
  props: Omit<LokiProps, keyof SingleLokiOptions>,
): LokiSystem {
  if (options.mode !== 'distributed') {
    const { mode: _, ...single } = options;
    const loki = new Loki(chart, { ...single, ...props });
    return { push: loki, query: loki, ruler: loki, targets: [loki], components: [loki], flows: [] };
  }
  const { mode: _, ...distributed } = options;
  const loki = new DistributedLoki(chart, { ...distributed, ...props });
  const targets = Object.values(loki.targets).flat();
  return {
    push: loki.targets.distributor[0],
    query: loki.gateway,
    ruler: loki.targets.ruler[0],
    targets,
    components: [...targets, loki.gateway, ...Object.values(loki.caches)],
    flows: loki.flows,
  };
}
