import { k8s } from 'cdk8s-plus-27';
import type { Component } from './component';
import { PART_OF } from './labels';
import type { NamespacedChart } from './namespaced-chart';

/** One connection that the stack needs; what is not on the list is refused. */
export interface Flow {
  /** A component, or all pods of a namespace that is not the stack's own. */
  readonly from: Component | { readonly namespace: string };
  /** A component, the Kubernetes API, or any address outside (for Slack). */
  readonly to: Component | 'kubernetes-api' | 'internet';
  /** Name of one of the target's ports; not for targets that are no component. */
  readonly port?: string;
}

/**
 * Ports of API servers behind `kubernetes.default`: a policy sees the endpoint, not the Service. 6443 is kubeadm's and
 * kind's, 8443 minikube's, 443 that of most managed clusters. Their address is not known before the cluster is.
 */
const KUBERNETES_API_PORTS = [443, 6443, 8443];

/** Slack's webhooks are HTTPS only. */
const INTERNET_PORTS = [443];

/**
 * Default deny for every pod of the chart's namespace, in and out.
 */
export function denyAll(chart: NamespacedChart): void {
  new k8s.KubeNetworkPolicy(chart, 'default-deny', {
    metadata: { name: 'default-deny', labels: PART_OF },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
}

/**
 * One NetworkPolicy a component, named after it, that allows its flows and no others. `kubectl port-forward` and
 * probes pass without a rule, because they come from the pod's own node.
 */
export function allowFlows(components: readonly Component[], flows: readonly Flow[]): void {
  for (const component of components) {
    const ingress = flows.filter((flow) => flow.to === component).map((flow) => ingressRule(component, flow));
    const egress = flows.filter((flow) => flow.from === component).map(egressRule);
    new k8s.KubeNetworkPolicy(component, 'network-policy', {
      metadata: component.metadata,
      spec: {
        podSelector: { matchLabels: { ...component.selector } },
        policyTypes: ['Ingress', 'Egress'],
        // The API server drops empty lists; written, they would make every apply look like a change.
        ...(ingress.length > 0 ? { ingress } : {}),
        ...(egress.length > 0 ? { egress: [DNS, ...egress] } : {}),
      },
    });
  }
}

/** @see https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/ for the label `k8s-app: kube-dns` */
const DNS: k8s.NetworkPolicyEgressRule = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [port(53, 'UDP'), port(53)],
};

function ingressRule(to: Component, flow: Flow): k8s.NetworkPolicyIngressRule {
  return { from: [peer(flow.from)], ports: [componentPort(to, flow.port)] };
}

function egressRule({ to, port: name }: Flow): k8s.NetworkPolicyEgressRule {
  if (to === 'kubernetes-api') return { ports: KUBERNETES_API_PORTS.map((number) => port(number)) };
  if (to === 'internet') return { ports: INTERNET_PORTS.map((number) => port(number)) };
  return { to: [peer(to)], ports: [componentPort(to, name)] };
}

function peer(pods: Flow['from']): k8s.NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': pods.namespace } },
    ...('selector' in pods ? { podSelector: { matchLabels: { ...pods.selector } } } : {}),
  };
}

function componentPort(component: Component, name = ''): k8s.NetworkPolicyPort {
  const number = component.ports[name];
  if (number === undefined) throw new Error(`${component.name} has no port '${name}': ${Object.keys(component.ports)}`);
  return port(number);
}

function port(number: number, protocol = 'TCP'): k8s.NetworkPolicyPort {
  return { port: k8s.IntOrString.fromNumber(number), protocol };
}
