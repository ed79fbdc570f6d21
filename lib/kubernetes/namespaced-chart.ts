import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { clusterScoped } from './cluster-scoped';
import { PART_OF } from './labels';

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export type PodSecurity = 'restricted' | 'privileged';

export interface NamespacedChartProps {
  /** Level that admission enforces for every pod of the namespace. */
  readonly podSecurity: PodSecurity;
}

/**
 * One chart, one namespace, one file in dist, with the Namespace first: `kubectl apply -f dist` reads files by name and
 * does not wait for a namespace that a later file would bring.
 */
export class NamespacedChart extends Chart {
  constructor(
    scope: Construct,
    override readonly namespace: string,
    props: NamespacedChartProps,
  ) {
    super(scope, namespace, { namespace, disableResourceNameHashes: true });
    const object = new k8s.KubeNamespace(this, 'namespace', {
      metadata: {
        name: namespace,
        labels: {
          ...PART_OF,
          'pod-security.kubernetes.io/enforce': props.podSecurity,
          'pod-security.kubernetes.io/warn': props.podSecurity,
        },
      },
    });
    clusterScoped(object);
  }
}
