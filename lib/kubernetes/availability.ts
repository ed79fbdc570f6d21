import { k8s } from 'cdk8s-plus-27';
import type { Component } from './component';
import type { SelectorLabels } from './labels';

/**
 * Lets a node be drained, and an upgrade of nodes proceed, one pod of the component at a time. A component of one pod
 * gets none: a budget would only keep its node from being drained.
 */
export function disruptionBudget(component: Component, replicas: number): void {
  if (replicas < 2) return;
  new k8s.KubePodDisruptionBudget(component, 'disruption-budget', {
    metadata: component.metadata,
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      selector: { matchLabels: { ...component.selector } },
    },
  });
}

/**
 * Spreads pods over zones, and within them over nodes that take them. Clusters without zones, and those with fewer nodes
 * than pods, still get all of them.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/ (`nodeTaintsPolicy`, on by default since 1.26)
 * @param nodes `DoNotSchedule` keeps a pod waiting rather than putting it on a node that would then hold too many
 */
export function spread(
  selector: SelectorLabels,
  nodes: 'DoNotSchedule' | 'ScheduleAnyway',
): k8s.TopologySpreadConstraint[] {
  const constraint = (topologyKey: string, whenUnsatisfiable: string): k8s.TopologySpreadConstraint => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    // Otherwise a node that takes no pods, of a control plane or cordoned, counts as one that has none yet.
    nodeTaintsPolicy: 'Honor',
    labelSelector: { matchLabels: { ...selector } },
  });
  return [constraint('topology.kubernetes.io/zone', 'ScheduleAnyway'), constraint('kubernetes.io/hostname', nodes)];
}
