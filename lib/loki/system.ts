import type { Component } from '../kubernetes/component';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import type { Flow } from '../kubernetes/network-policies';
import { DistributedLoki } from './distributed';
import { ExternalEndpoint, type ExternalLoki } from './external';
import type { LokiHandle } from './handle';
import { Loki } from './loki';
import type { LokiOptions, LokiProps, SharedLokiOptions } from './props';

/** The components of any Loki, by their role for other programs. */
export interface LokiSystem {
  /** Loki as users of `LogAlerting` see it. @default undefined, not part of the app */
  readonly handle?: LokiHandle;
  /** Receives log lines. */
  readonly push: Component | ExternalEndpoint;
  /** Serves queries and the state of rules. */
  readonly query: Component | ExternalEndpoint;
  /** Sends alerts. @default undefined, outside the cluster */
  readonly ruler?: Component | { readonly namespace: string };
  /** Deletes logs after the retention. @default undefined, not deployed by the stack */
  readonly compactor?: Component;
  /** Components that serve metrics of Loki. */
  readonly targets: readonly Component[];
  /** All components. */
  readonly components: readonly Component[];
  /** Connections between components, and to object storage. */
  readonly flows: readonly Flow[];
}

/** Creates a single or a distributed Loki, according to the options. */
export function createLoki(
  chart: NamespacedChart,
  options: LokiOptions = {},
  props: Omit<LokiProps, keyof SharedLokiOptions>,
): LokiSystem {
  if (options.objectStorage === undefined) {
    const loki = new Loki(chart, { ...options, ...props });
    const roles = { push: loki, query: loki, ruler: loki, compactor: loki };
    return { handle: loki, ...roles, targets: [loki], components: loki.components, flows: [] };
  }
  const loki = new DistributedLoki(chart, { ...options, ...props });
  const targets = Object.values(loki.targets).flat();
  return {
    handle: loki,
    push: loki.targets.distributor[0],
    query: loki.gateway,
    ruler: loki.targets.ruler[0],
    compactor: loki.targets.compactor[0],
    targets,
    components: loki.components,
    flows: loki.flows,
  };
}

/** Returns an external Loki, none of whose programs is deployed or monitored. */
export function externalLoki({ url, queryUrl = url, rulerNamespace }: ExternalLoki): LokiSystem {
  const push = new ExternalEndpoint(url);
  const namespace = rulerNamespace ?? push.namespace;
  return {
    push,
    query: new ExternalEndpoint(queryUrl),
    ...(namespace === undefined ? {} : { ruler: { namespace } }),
    targets: [],
    components: [],
    flows: [],
  };
}
