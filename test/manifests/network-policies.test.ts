import type { LokiOptions } from '../../lib';
import { find, type Labels, type Manifest, matches, nameOf, type Workload, workloads } from './kubernetes';
import { EVERYTHING, everyAppsObjects, PRODUCTION, synthObjects } from './synth';

interface Peer {
  readonly namespaceSelector: { readonly matchLabels: Labels };
  readonly podSelector?: { readonly matchLabels: Labels };
}

interface Port {
  readonly port: number;
  readonly protocol: string;
}

interface NetworkPolicy extends Manifest {
  readonly spec: {
    readonly podSelector: { readonly matchLabels?: Labels };
    readonly policyTypes: readonly string[];
    readonly ingress?: readonly { readonly from: readonly Peer[]; readonly ports: readonly Port[] }[];
    readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly Port[] }[];
  };
}

const policies = (all: readonly Manifest[]) =>
  all.filter((object): object is NetworkPolicy => object.kind === 'NetworkPolicy');

/** Returns the workloads that a policy applies to. */
function subject(policy: NetworkPolicy, all: readonly Manifest[]): Workload[] {
  const { podSelector } = policy.spec;
  const near = workloads(all).filter(({ metadata }) => metadata.namespace === policy.metadata.namespace);
  return near.filter(({ spec }) => matches(podSelector.matchLabels ?? {}, spec.template.metadata.labels));
}

/** Returns the workloads that a peer allows, or a text for pods outside the stack. */
function peerNames({ namespaceSelector, podSelector }: Peer, all: readonly Manifest[]): string[] {
  const { 'kubernetes.io/metadata.name': namespace, ...others } = namespaceSelector.matchLabels;
  if (podSelector === undefined) return [`all of ${namespace}`];
  const found = workloads(all).filter(
    ({ metadata, spec }) =>
      metadata.namespace === namespace && matches(podSelector.matchLabels, spec.template.metadata.labels),
  );
  expect(others).toEqual({});
  return found.length > 0
    ? found.map(({ metadata }) => metadata.name)
    : [`${namespace}/${Object.values(podSelector.matchLabels)}`];
}

const portList = (ports?: readonly Port[]) =>
  ports?.map(({ port, protocol }) => `${port}/${protocol}`).join(' ') ?? 'any port';

/** Returns every connection that egress rules allow, as `from -> to port/protocol`. */
function egressFlows(all: readonly Manifest[]): string[] {
  return policies(all)
    .flatMap(({ metadata, spec }) =>
      (spec.egress ?? []).flatMap(({ to, ports }) =>
        (to?.flatMap((peer) => peerNames(peer, all)) ?? ['anywhere']).map(
          (target) => `${metadata.name} -> ${target} ${portList(ports)}`,
        ),
      ),
    )
    .sort();
}

/** Returns every connection that ingress rules allow, in the same form. */
function ingressFlows(all: readonly Manifest[]): string[] {
  return policies(all)
    .flatMap(({ metadata, spec }) =>
      (spec.ingress ?? []).flatMap(({ from, ports }) =>
        from
          .flatMap((peer) => peerNames(peer, all))
          .map((source) => `${source} -> ${metadata.name} ${portList(ports)}`),
      ),
    )
    .sort();
}

test('the demo allows exactly these connections', () => {
  expect(egressFlows(synthObjects())).toEqual([
    'alertmanager -> all of openshift-dns 5353/UDP 5353/TCP',
    'alertmanager -> anywhere 53/UDP 53/TCP',
    'alertmanager -> slack-inbox 8080/TCP',
    'grafana -> alertmanager 9093/TCP',
    'grafana -> all of openshift-dns 5353/UDP 5353/TCP',
    'grafana -> anywhere 53/UDP 53/TCP',
    'grafana -> loki 3100/TCP',
    'http-client -> all of openshift-dns 5353/UDP 5353/TCP',
    'http-client -> anywhere 53/UDP 53/TCP',
    'http-client -> webservice 8080/TCP',
    'loki -> alertmanager 9093/TCP',
    'loki -> all of openshift-dns 5353/UDP 5353/TCP',
    'loki -> anywhere 53/UDP 53/TCP',
    'promtail -> all of openshift-dns 5353/UDP 5353/TCP',
    'promtail -> anywhere 443/TCP 6443/TCP 8443/TCP 16443/TCP',
    'promtail -> anywhere 53/UDP 53/TCP',
    'promtail -> loki 3100/TCP',
  ]);
});

test('with a real Slack, Alertmanager may connect to HTTPS outside', () => {
  expect(egressFlows(synthObjects(PRODUCTION))).toEqual([
    'alertmanager -> all of openshift-dns 5353/UDP 5353/TCP',
    'alertmanager -> anywhere 443/TCP',
    'alertmanager -> anywhere 53/UDP 53/TCP',
    'grafana -> alertmanager 9093/TCP',
    'grafana -> all of openshift-dns 5353/UDP 5353/TCP',
    'grafana -> anywhere 53/UDP 53/TCP',
    'grafana -> loki 3100/TCP',
    'kubernetes-events -> all of openshift-dns 5353/UDP 5353/TCP',
    'kubernetes-events -> anywhere 443/TCP 6443/TCP 8443/TCP 16443/TCP',
    'kubernetes-events -> anywhere 53/UDP 53/TCP',
    'kubernetes-events -> loki 3100/TCP',
    'loki -> alertmanager 9093/TCP',
    'loki -> all of openshift-dns 5353/UDP 5353/TCP',
    'loki -> anywhere 53/UDP 53/TCP',
    'otel-log-collector -> all of openshift-dns 5353/UDP 5353/TCP',
    'otel-log-collector -> anywhere 443/TCP 6443/TCP 8443/TCP 16443/TCP',
    'otel-log-collector -> anywhere 53/UDP 53/TCP',
    'otel-log-collector -> loki 3100/TCP',
  ]);
});

test('a distributed Loki with its bucket, and several Alertmanagers, allow exactly these additional connections', () => {
  const bucket = {
    endpoint: 'http://minio.minio.svc:9000',
    region: 'us-east-1',
    bucket: 'logs',
    credentialsSecret: 'a',
  };
  const flows = egressFlows(synthObjects({ ...PRODUCTION, profile: 'distributed', loki: { objectStorage: bucket } }));
  const ofLoki = flows.filter((flow) => !/openshift-dns|anywhere 53|otel-log-collector -> anywhere|7946/.test(flow));

  expect(ofLoki).toEqual([
    'alertmanager -> alertmanager 9094/TCP 9094/UDP',
    'alertmanager -> anywhere 443/TCP',
    'grafana -> alertmanager 9093/TCP',
    'grafana -> loki-gateway 8080/TCP',
    'kubernetes-events -> anywhere 443/TCP 6443/TCP 8443/TCP 16443/TCP',
    'kubernetes-events -> loki-distributor 3100/TCP',
    'loki-compactor -> anywhere 9000/TCP',
    'loki-distributor -> loki-ingester 9095/TCP',
    'loki-gateway -> loki-querier 3100/TCP',
    'loki-gateway -> loki-query-frontend 3100/TCP',
    'loki-gateway -> loki-ruler 3100/TCP',
    'loki-index-gateway -> anywhere 9000/TCP',
    'loki-ingester -> anywhere 9000/TCP',
    'loki-querier -> anywhere 9000/TCP',
    'loki-querier -> loki-compactor 9095/TCP',
    'loki-querier -> loki-index-gateway 9095/TCP',
    'loki-querier -> loki-ingester 9095/TCP',
    'loki-querier -> loki-query-frontend 9095/TCP',
    'loki-querier -> loki-query-scheduler 9095/TCP',
    'loki-query-frontend -> loki-compactor 9095/TCP',
    'loki-query-frontend -> loki-query-scheduler 9095/TCP',
    'loki-query-scheduler -> loki-query-frontend 9095/TCP',
    'loki-ruler -> alertmanager 9093/TCP',
    'loki-ruler -> anywhere 9000/TCP',
    'loki-ruler -> loki-compactor 9095/TCP',
    'loki-ruler -> loki-index-gateway 9095/TCP',
    'loki-ruler -> loki-ingester 9095/TCP',
    'loki-ruler -> loki-ruler 9095/TCP',
    'otel-log-collector -> loki-distributor 3100/TCP',
  ]);
  // Each of the eight targets gossips with all of them, including itself.
  expect(flows.filter((flow) => flow.includes('7946/TCP'))).toHaveLength(64);
});

describe('an apply without pruning', () => {
  /** Objects in the cluster: the new ones, and the former ones that they do not replace. */
  const applied = (before: readonly Manifest[], now: readonly Manifest[]) => {
    const replaced = new Set(now.map(nameOf));
    return [...now, ...before.filter((object) => !replaced.has(nameOf(object)))];
  };

  test('keeps the connection of the former collector to Loki', () => {
    const all = applied(synthObjects({ ...PRODUCTION, collector: 'promtail' }), synthObjects(PRODUCTION));

    for (const flows of [egressFlows(all), ingressFlows(all)]) {
      expect(flows).toContain('promtail -> loki 3100/TCP');
      expect(flows).toContain('otel-log-collector -> loki 3100/TCP');
    }
  });

  test('keeps ingesters without a zone reachable after the change to zones', () => {
    const before = synthObjects({ ...EVERYTHING, loki: { ...EVERYTHING.loki, zones: undefined } as LokiOptions });
    const all = applied(before, synthObjects(EVERYTHING));

    expect(workloads(before).map(({ metadata }) => metadata.name)).toContain('loki-ingester');
    for (const ingester of ['loki-ingester', 'loki-ingester-a', 'loki-ingester-b', 'loki-ingester-c']) {
      for (const from of ['loki-distributor', 'loki-querier', 'loki-ruler']) {
        expect(egressFlows(all)).toContain(`${from} -> ${ingester} 9095/TCP`);
        expect(ingressFlows(all)).toContain(`${from} -> ${ingester} 9095/TCP`);
      }
    }
  });
});

describe.each(everyAppsObjects())('%s', (_, all) => {
  test('egress and ingress rules between its workloads match', () => {
    const inside = egressFlows(all).filter((flow) => !/-> (anywhere|kube-system|all of )/.test(flow));

    expect(ingressFlows(all).filter((flow) => !flow.startsWith('all of '))).toEqual(inside);
  });

  test('each allowed port exists on the target', () => {
    for (const policy of policies(all)) {
      const ports = subject(policy, all).flatMap(({ spec }) =>
        spec.template.spec.containers.flatMap((container) => container.ports?.map((port) => port.containerPort) ?? []),
      );
      for (const { port } of policy.spec.ingress?.flatMap((rule) => rule.ports) ?? []) expect(ports).toContain(port);
    }
  });

  test('each namespace denies by default', () => {
    for (const { metadata } of all.filter(({ kind }) => kind === 'Namespace')) {
      const inside = all.filter((object) => object.metadata.namespace === metadata.name);
      expect(find(inside, 'NetworkPolicy', 'default-deny').spec).toEqual({
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
      });
    }
  });

  test('each workload has its own policy, and each policy one workload', () => {
    const own = policies(all).filter(({ metadata }) => metadata.name !== 'default-deny');

    for (const { spec } of own) expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(own.flatMap((policy) => subject(policy, all).map(nameOf)).sort()).toEqual(workloads(all).map(nameOf).sort());
    for (const policy of own) {
      expect(subject(policy, all).map(({ metadata }) => metadata.name)).toEqual([policy.metadata.name]);
    }
  });
});

test('networkPolicies: false removes all policies and changes nothing else', () => {
  const without = synthObjects({ networkPolicies: false });

  expect(without).toEqual(synthObjects().filter(({ kind }) => kind !== 'NetworkPolicy'));
});
