import { App } from 'cdk8s';
import { allowFlows, denyAll } from '../../lib/kubernetes/network-policies';
import { find } from '../manifests/kubernetes';
import { Example, emptyChart, manifests } from './chart';

const both = (port: number) => ['UDP', 'TCP'].map((protocol) => ({ port, protocol }));

const DNS = [
  { ports: both(53) },
  {
    to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'openshift-dns' } } }],
    ports: both(5353),
  },
];

const peer = (namespace: string, name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
  podSelector: { matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': 'log-alerting' } },
});

/** A client and a shop in separate namespaces. */
function neighbours() {
  const app = new App();
  const charts = { street: emptyChart('street', app), mall: emptyChart('mall', app) };
  return {
    charts,
    client: new Example(charts.street, 'client'),
    shop: new Example(charts.mall, 'shop', { http: 8080, admin: 9090 }),
  };
}

test('allows one port, as egress of one component and ingress of the other', () => {
  const { charts, client, shop } = neighbours();

  allowFlows([client, shop], [{ from: client, to: shop, port: 'http' }]);

  const ports = [{ port: 8080, protocol: 'TCP' }];
  expect(find(manifests(charts.street), 'NetworkPolicy', 'client').spec).toEqual({
    podSelector: peer('street', 'client').podSelector,
    policyTypes: ['Ingress', 'Egress'],
    egress: [...DNS, { to: [peer('mall', 'shop')], ports }],
  });
  expect(find(manifests(charts.mall), 'NetworkPolicy', 'shop').spec).toEqual({
    podSelector: peer('mall', 'shop').podSelector,
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [peer('street', 'client')], ports }],
  });
});

test('allows the port of all members of a group between all of them', () => {
  const chart = emptyChart('street');
  const members = [new Example(chart, 'a', { gossip: 7946 }), new Example(chart, 'b', { gossip: 7946 })];
  const selector = { 'app.kubernetes.io/component': 'example' };
  const group = { namespace: 'street', selector, members };

  allowFlows(members, [{ from: group, to: group, port: 'gossip', protocols: ['TCP', 'UDP'] }]);

  const allMembers = [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'street' } },
      podSelector: { matchLabels: selector },
    },
  ];
  const ports = [
    { port: 7946, protocol: 'TCP' },
    { port: 7946, protocol: 'UDP' },
  ];
  for (const name of ['a', 'b']) {
    expect(find(manifests(chart), 'NetworkPolicy', name).spec).toEqual({
      podSelector: peer('street', name).podSelector,
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: allMembers, ports }],
      egress: [...DNS, { to: allMembers, ports }],
    });
  }
});

test('allows ports outside of the stack', () => {
  const { charts, client } = neighbours();

  allowFlows([client], [{ from: client, to: { ports: [9000] } }]);

  expect(find(manifests(charts.street), 'NetworkPolicy', 'client').spec).toMatchObject({
    egress: [...DNS, { ports: [{ port: 9000, protocol: 'TCP' }] }],
  });
});

test('allows ports of pods in a namespace outside of the stack', () => {
  const { charts, client } = neighbours();

  allowFlows([client], [{ from: client, to: { namespace: 'chat', ports: [8065] } }]);

  expect(find(manifests(charts.street), 'NetworkPolicy', 'client').spec).toMatchObject({
    egress: [
      ...DNS,
      {
        to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'chat' } } }],
        ports: [{ port: 8065, protocol: 'TCP' }],
      },
    ],
  });
});

test('allows no egress without a flow, not even DNS', () => {
  const { charts, client, shop } = neighbours();

  allowFlows([client, shop], []);

  expect(find(manifests(charts.street), 'NetworkPolicy', 'client').spec).toEqual({
    podSelector: peer('street', 'client').podSelector,
    policyTypes: ['Ingress', 'Egress'],
  });
});

test('rejects a flow to an unknown port', () => {
  const { client, shop } = neighbours();

  expect(() => allowFlows([client, shop], [{ from: client, to: shop, port: 'https' }])).toThrow(
    "shop has no port 'https': http,admin",
  );
});

test('denies ingress and egress of all pods by default', () => {
  const chart = emptyChart();

  denyAll(chart);

  expect(find(manifests(chart), 'NetworkPolicy', 'default-deny').spec).toEqual({
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
  });
});
