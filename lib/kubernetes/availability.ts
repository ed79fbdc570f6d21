import { k8s } from 'cdk8s-plus-27';
import type { Component } from './component';
import { createObject } from './create-object';
import type { SelectorLabels } from './labels';

const ZONE = 'topology.kubernetes.io/zone';
const NODE = 'kubernetes.io/hostname';

/**
 * Creates a PodDisruptionBudget, with which drains evict one pod of the component at a time. A component with one pod
 * gets none, since it would block the drain of its node.
 */
export function disruptionBudget(component: Component, replicas: number): void {
  if (replicas < 2) return;
  createObject(component, 'disruption-budget', k8s.KubePodDisruptionBudget, {
    metadata: component.metadata,
    spec: { ...ONE_AT_A_TIME, selector: { matchLabels: { ...component.selector } } },
  });
}

/** A pod that is not ready may always be evicted: it serves no requests, and would block the drain of its node. */
export const ONE_AT_A_TIME = {
  maxUnavailable: k8s.IntOrString.fromNumber(1),
  unhealthyPodEvictionPolicy: 'AlwaysAllow',
};

/**
 * Spreads pods over zones, and over nodes within them, as far as possible: a cluster with one node still runs all of
 * them. Pods of a Deployment count per revision: new ones need not avoid old ones, which are about to be deleted.
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
 * Spreads pods over zones, and puts each on its own node; surplus pods stay pending. With fewer nodes than pods,
 * `minDomains` makes the scheduler assume a node without pods, so that no node may run two. Unlike a required
 * anti-affinity, this leaves the affinity of the pods to the user.
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
    // Otherwise an unschedulable node, e.g. of the control plane or a cordoned one, counts as a node without pods.
    nodeTaintsPolicy: 'Honor',
    labelSelector: { matchLabels: { ...selector } },
  };
}
