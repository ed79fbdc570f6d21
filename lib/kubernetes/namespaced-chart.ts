import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { requireSameConstructs } from '../versions/peers';
import { clusterScoped } from './cluster-scoped';
import { createObject } from './create-object';
import { PART_OF } from './labels';
import type { PodDefaults } from './pod';

/** Pod Security Standard of a namespace. @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export type PodSecurity = 'restricted' | 'privileged';

/** Props of `NamespacedChart`. */
export interface NamespacedChartProps {
  /** Pod Security Standard that admission enforces in the namespace. */
  readonly podSecurity: PodSecurity;
  /** Settings of all its pods. @default none */
  readonly podDefaults?: PodDefaults;
}

/**
 * A chart with one namespace and one file in dist, which starts with the Namespace: `kubectl apply -f dist` applies
 * files in the order of their names, and objects before their Namespace fail.
 *
 * @example
 * import { App } from 'cdk8s';
 *
 * const chat = new NamespacedChart(new App(), 'chat', { podSecurity: 'restricted' });
 */
export class NamespacedChart extends Chart {
  /** Settings of all its pods. */
  readonly podDefaults: PodDefaults;

  /** Unlike that of `Chart`, false for other charts. */
  static override [Symbol.hasInstance](value: unknown): value is NamespacedChart {
    return Chart.isChart(value) && 'podDefaults' in (value as object);
  }

  constructor(
    scope: Construct,
    /** Name of the namespace and of the chart. */
    override readonly namespace: string,
    props: NamespacedChartProps,
  ) {
    requireSameConstructs(scope);
    super(scope, namespace, { namespace, disableResourceNameHashes: true });
    this.podDefaults = props.podDefaults ?? {};
    const object = createObject(this, 'namespace', k8s.KubeNamespace, {
      metadata: {
        name: namespace,
        labels: {
          ...PART_OF,
          'pod-security.kubernetes.io/enforce': props.podSecurity,
          'pod-security.kubernetes.io/audit': props.podSecurity,
          'pod-security.kubernetes.io/warn': props.podSecurity,
        },
      },
    });
    clusterScoped(object);
  }
}

/** Returns the settings of the pods of a chart. */
export function podDefaultsOf(chart: Chart): PodDefaults {
  return chart instanceof NamespacedChart ? chart.podDefaults : {};
}
