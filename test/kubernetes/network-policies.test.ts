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

/** A client and a shop in namespaces of their own. */
function neighbours() {
  const app = new App();
  const charts = { street: emptyChart('street', app), mall: emptyChart('mall', app) };
  return {
    charts,
    client: new Example(charts.street, 'client'),
    shop: new Example(charts.mall, 'shop', { http: 8080, admin: 9090 }),
  };
}

test('a flow opens one port, out of one side and into the other', () => {
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

test('a flow within a group opens the port of each member to all of them', () => {
  const chart = emptyChart('street');
  const members = [new Example(chart, 'a', { gossip: 7946 }), new Example(chart, 'b', { gossip: 7946 })];
  const selector = { 'app.kubernetes.io/component': 'example' };
  const group = { namespace: 'street', selector, members };

  allowFlows(members, [{ from: group, to: group, port: 'gossip', protocols: ['TCP', 'UDP'] }]);

  const everybody = [
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
      ingress: [{ from: everybody, ports }],
      egress: [...DNS, { to: everybody, ports }],
    });
  }
});

test('a flow outside may name its ports', () => {
  const { charts, client } = neighbours();

  allowFlows([client], [{ from: client, to: { ports: [9000] } }]);

  expect(find(manifests(charts.street), 'NetworkPolicy', 'client').spec).toMatchObject({
    egress: [...DNS, { ports: [{ port: 9000, protocol: 'TCP' }] }],
  });
});

test('a flow outside may be to the pods of a namespace', () => {
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

test('who has no flow reaches nobody, not even the DNS', () => {
  const { charts, client, shop } = neighbours();

  allowFlows([client, shop], []);

  expect(find(manifests(charts.street), 'NetworkPolicy', 'client').spec).toEqual({
    podSelector: peer('street', 'client').podSelector,
    policyTypes: ['Ingress', 'Egress'],
  });
});

test('a flow to a port that the target does not have is refused', () => {
  const { client, shop } = neighbours();

  expect(() => allowFlows([client, shop], [{ from: client, to: shop, port: 'https' }])).toThrow(
    "shop has no port 'https': http,admin",
  );
});

test('default deny is for all pods and both directions', () => {
  const chart = emptyChart();

  denyAll(chart);

  expect(find(manifests(chart), 'NetworkPolicy', 'default-deny').spec).toEqual({
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
  });
});
