import { k8s } from 'cdk8s-plus-27';
import type { Component } from './component';
import { PART_OF } from './labels';
import type { NamespacedChart } from './namespaced-chart';

/** Components of one namespace that all listen on a port, and labels that their pods have and no others. */
export interface ComponentGroup {
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly members: readonly Component[];
}

/** What is not the stack's own, at these TCP ports. */
export interface Outside {
  /** Namespace of the pods that listen there. @default any address */
  readonly namespace?: string;
  readonly ports: readonly number[];
}

/** One connection that the stack needs; what is not on the list is refused. */
export interface Flow {
  /** A component, every member of a group, or all pods of a namespace that is not the stack's own. */
  readonly from: Component | ComponentGroup | { readonly namespace: string };
  /** A component, every member of a group, or what is not the stack's own, the Kubernetes API too. */
  readonly to: Component | ComponentGroup | Outside;
  /** Name of one of the target's ports; not for targets outside the stack. */
  readonly port?: string;
  /** Protocols of that port. @default TCP alone */
  readonly protocols?: readonly ('TCP' | 'UDP')[];
}

/**
 * Ports of API servers behind `kubernetes.default`: a policy sees the endpoint, not the Service. 443 is that of most managed
 * clusters, 6443 kubeadm's, kind's and k3s's, 8443 minikube's, 16443 MicroK8s's. Their address is not known before the
 * cluster is.
 */
export const KUBERNETES_API_PORTS: readonly number[] = [443, 6443, 8443, 16443];

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
    const ingress = flows.filter(({ to }) => isOf(component, to)).map((flow) => ingressRule(component, flow));
    const egress = flows.filter(({ from }) => isOf(component, from)).map(egressRule);
    new k8s.KubeNetworkPolicy(component, 'network-policy', {
      metadata: component.metadata,
      spec: {
        podSelector: { matchLabels: { ...component.selector } },
        policyTypes: ['Ingress', 'Egress'],
        // The API server drops empty lists; written, they would make every apply look like a change.
        ...(ingress.length > 0 ? { ingress } : {}),
        ...(egress.length > 0 ? { egress: [...DNS, ...egress] } : {}),
      },
    });
  }
}

const protocols = (number: number) => [port(number, 'UDP'), port(number)];

/**
 * Names are resolved at port 53, wherever that is: by pods of kube-system in most clusters, but by the node itself with
 * NodeLocal DNSCache and EKS Auto Mode, and by the cloud's 169.254.169.254 with GKE's Cloud DNS, which no selector of pods
 * matches. OpenShift's Service translates 53 into its pods' 5353, and a policy sees the pod's port.
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
    return { ...(namespace ? { to: [peer({ namespace })] } : {}), ports: ports.map((number) => port(number)) };
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
