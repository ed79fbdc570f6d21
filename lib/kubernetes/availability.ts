import { k8s } from 'cdk8s-plus-27';
import type { Component } from './component';
import type { SelectorLabels } from './labels';

const ZONE = 'topology.kubernetes.io/zone';
const NODE = 'kubernetes.io/hostname';

/**
 * Lets a node be drained, and an upgrade of nodes proceed, one pod of the component at a time. A component of one pod
 * gets none: a budget would only keep its node from being drained.
 */
export function disruptionBudget(component: Component, replicas: number): void {
  if (replicas < 2) return;
  new k8s.KubePodDisruptionBudget(component, 'disruption-budget', {
    metadata: component.metadata,
    spec: { ...ONE_AT_A_TIME, selector: { matchLabels: { ...component.selector } } },
  });
}

/** A pod that is not ready may go at any time: it serves nobody, and would keep its node from being drained for ever. */
export const ONE_AT_A_TIME = {
  maxUnavailable: k8s.IntOrString.fromNumber(1),
  unhealthyPodEvictionPolicy: 'AlwaysAllow',
};

/**
 * Spreads pods over zones, and within them over nodes that take them, as far as there are such and they have room: clusters
 * of one node still get all of them. Those of a Deployment are counted by revision: the new ones must not keep away from the
 * old ones, which go.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/ (`nodeTaintsPolicy`, on by default since 1.26)
 */
export function spread(selector: SelectorLabels, kind: 'Deployment' | 'StatefulSet'): k8s.TopologySpreadConstraint[] {
  return [ZONE, NODE].map((topologyKey) => ({
    ...constraint(selector, topologyKey),
    whenUnsatisfiable: 'ScheduleAnyway',
    ...(kind === 'Deployment' ? { matchLabelKeys: ['pod-template-hash'] } : {}),
  }));
}

/**
 * Spreads pods over zones, and gives each a node of its own: one too many waits. Where fewer nodes take pods than there are
 * pods, `minDomains` has the scheduler count as if another had none, so that no node may hold two. Unlike a required
 * anti-affinity it leaves the affinity of the pods to whoever installs the stack.
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/ (`minDomains`, on by default since 1.27)
 */
export function spreadApart(selector: SelectorLabels, replicas: number): k8s.TopologySpreadConstraint[] {
  return [
    { ...constraint(selector, ZONE), whenUnsatisfiable: 'ScheduleAnyway' },
    { ...constraint(selector, NODE), whenUnsatisfiable: 'DoNotSchedule', minDomains: replicas },
  ];
}

function constraint(selector: SelectorLabels, topologyKey: string) {
  return {
    maxSkew: 1,
    topologyKey,
    // Otherwise a node that takes no pods, of a control plane or cordoned, counts as one that has none yet.
    nodeTaintsPolicy: 'Honor',
    labelSelector: { matchLabels: { ...selector } },
  };
}
