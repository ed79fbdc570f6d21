import type { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Component } from './component';
import { createObject } from './create-object';
import { PART_OF } from './labels';

/** Components of one namespace with the same ports, and a selector that only matches their pods. */
export interface ComponentGroup {
  /** Namespace of the components. */
  readonly namespace: string;
  /** Labels of all their pods, and of no others. */
  readonly selector: Readonly<Record<string, string>>;
  /** The components. */
  readonly members: readonly Component[];
}

/** TCP ports outside of the stack. */
export interface Outside {
  /** Namespace of the pods that listen there. @default any address */
  readonly namespace?: string;
  /** Numbers of the ports. @default all ports */
  readonly ports?: readonly number[];
}

/** A connection that is needed; all others are denied. */
export interface Flow {
  /** A component, all members of a group, or all pods of a namespace outside of the stack. */
  readonly from: Component | ComponentGroup | { readonly namespace: string };
  /** A component, all members of a group, or ports outside of the stack, including the Kubernetes API. */
  readonly to: Component | ComponentGroup | Outside;
  /** Name of a port of the destination. @default none, for destinations outside of the stack */
  readonly port?: string;
  /** Protocols of the port. @default TCP */
  readonly protocols?: readonly ('TCP' | 'UDP')[];
}

/**
 * Ports of the API servers behind `kubernetes.default`: a policy applies to the endpoint, not to the Service. Most
 * managed clusters use 443; kubeadm, kind and k3s 6443; minikube 8443; MicroK8s 16443. Their addresses depend on the
 * cluster.
 */
export const KUBERNETES_API_PORTS: readonly number[] = [443, 6443, 8443, 16443];

/**
 * Denies all ingress and egress of the chart's namespace, except what other NetworkPolicies allow.
 *
 * @example
 * import { App } from 'cdk8s';
 *
 * denyAll(new NamespacedChart(new App(), 'chat', { podSecurity: 'restricted' }));
 */
export function denyAll(chart: Chart): void {
  createObject(chart, 'default-deny', k8s.KubeNetworkPolicy, {
    metadata: { name: 'default-deny', labels: PART_OF },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
}

/**
 * Creates one NetworkPolicy per component, which allows its flows and no others. `kubectl port-forward` and probes need
 * no rule, because they come from the node of the pod.
 *
 * @throws Error if a component has no port of that name
 * @example
 * import { App } from 'cdk8s';
 *
 * const chart = new NamespacedChart(new App(), 'alerting', { podSecurity: 'restricted' });
 * const alertmanager = new Alertmanager(chart, 'alertmanager', { slack: { webhookSecret: 'slack-webhook' } });
 * denyAll(chart);
 * allowFlows(
 *   [alertmanager],
 *   [
 *     { from: { namespace: 'loki' }, to: alertmanager, port: 'http' },
 *     { from: alertmanager, to: { ports: [443] } },
 *   ],
 * );
 */
export function allowFlows(components: readonly Component[], flows: readonly Flow[]): void {
  for (const component of components) {
    const ingress = flows.filter(({ to }) => isOf(component, to)).map((flow) => ingressRule(component, flow));
    const egress = flows.filter(({ from }) => isOf(component, from)).map(egressRule);
    createObject(component, 'network-policy', k8s.KubeNetworkPolicy, {
      metadata: component.metadata,
      spec: {
        podSelector: { matchLabels: { ...component.selector } },
        policyTypes: ['Ingress', 'Egress'],
        // The API server drops empty lists, which would be a difference in every apply.
        ...(ingress.length > 0 ? { ingress } : {}),
        ...(egress.length > 0 ? { egress: [...DNS, ...egress] } : {}),
      },
    });
  }
}

const protocols = (number: number) => [port(number, 'UDP'), port(number)];

/**
 * DNS at any address: by pods of kube-system in most clusters, but by the node with NodeLocal DNSCache and EKS Auto
 * Mode, and by 169.254.169.254 with GKE's Cloud DNS, which no pod selector matches. OpenShift's Service maps 53 to port
 * 5353 of its pods, and a policy applies to the port of the pod.
 * @see https://docs.cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache
 * @see https://github.com/openshift/cluster-dns-operator/blob/master/assets/dns/daemonset.yaml
 */
const DNS: readonly k8s.NetworkPolicyEgressRule[] = [
  { ports: protocols(53) },
  { to: [peer({ namespace: 'openshift-dns' })], ports: protocols(5353) },
];

function isOf(component: Component, end: Flow['from'] | Flow['to']): boolean {
  return end === component || ('members' in end && end.members.includes(component));
}

function ingressRule(to: Component, flow: Flow): k8s.NetworkPolicyIngressRule {
  return { from: [peer(flow.from)], ports: componentPorts(to, flow) };
}

function egressRule(flow: Flow): k8s.NetworkPolicyEgressRule {
  const { to } = flow;
  if ('members' in to)
    return { to: [peer(to)], ports: to.members.slice(0, 1).flatMap((one) => componentPorts(one, flow)) };
  if (!('selector' in to)) {
    const { namespace, ports } = to;
    return {
      ...(namespace ? { to: [peer({ namespace })] } : {}),
      ...(ports ? { ports: ports.map((number) => port(number)) } : {}),
    };
  }
  return { to: [peer(to)], ports: componentPorts(to, flow) };
}

function peer(pods: Flow['from']): k8s.NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': pods.namespace } },
    ...('selector' in pods ? { podSelector: { matchLabels: { ...pods.selector } } } : {}),
  };
}

function componentPorts(component: Component, { port: name = '', protocols = ['TCP'] }: Flow): k8s.NetworkPolicyPort[] {
  const number = component.ports[name];
  if (number === undefined) throw new Error(`${component.name} has no port '${name}': ${Object.keys(component.ports)}`);
  return protocols.map((protocol) => port(number, protocol));
}

function port(number: number, protocol = 'TCP'): k8s.NetworkPolicyPort {
  return { port: k8s.IntOrString.fromNumber(number), protocol };
}
