import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { clusterScoped } from './cluster-scoped';
import { PART_OF } from './labels';
import type { PodDefaults } from './pod';

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export type PodSecurity = 'restricted' | 'privileged';

export interface NamespacedChartProps {
  /** Level that admission enforces for every pod of the namespace. */
  readonly podSecurity: PodSecurity;
  /** What its pods have in common. @default nothing */
  readonly podDefaults?: PodDefaults;
}

/**
 * One chart, one namespace, one file in dist, with the Namespace first: `kubectl apply -f dist` reads files by name and
 * does not wait for a namespace that a later file would bring.
 */
export class NamespacedChart extends Chart {
  readonly podDefaults: PodDefaults;

  constructor(
    scope: Construct,
    override readonly namespace: string,
    props: NamespacedChartProps,
  ) {
    super(scope, namespace, { namespace, disableResourceNameHashes: true });
    this.podDefaults = props.podDefaults ?? {};
    const object = new k8s.KubeNamespace(this, 'namespace', {
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
