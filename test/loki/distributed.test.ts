import { parse, stringify } from 'yaml';
import { DistributedLoki } from '../../lib/loki/distributed';
import type { DistributedLokiProps } from '../../lib/loki/props';
import { durationMs } from '../../lib/text/duration';
import { emptyChart, manifests } from '../kubernetes/chart';
import { find, type Manifest, services, type Workload, workloads } from '../manifests/kubernetes';

const PROPS: DistributedLokiProps = {
  rules: [],
  alertmanagerUrl: 'http://alertmanager:9093',
  grafanaUrl: 'http://localhost:3000',
  datasourceUid: 'loki',
  objectStorage: {
    endpoint: 'https://s3.example.com',
    region: 'us-east-1',
    bucket: 'logs',
    credentialsSecret: 'bucket',
  },
};

function loki(props: Partial<DistributedLokiProps> = {}): {
  all: Manifest[];
  by: Readonly<Record<string, Workload>>;
  construct: DistributedLoki;
} {
  const chart = emptyChart();
  const construct = new DistributedLoki(chart, { ...PROPS, ...props });
  const all = manifests(chart);
  return { all, construct, by: Object.fromEntries(workloads(all).map((each) => [each.metadata.name, each])) };
}

const pod = (workload?: Workload) => workload?.spec.template.spec;

test('creates all targets with default replicas, and a gateway', () => {
  const { by } = loki();

  expect(
    Object.fromEntries(Object.values(by).map(({ kind, metadata, spec }) => [metadata.name, [kind, spec.replicas]])),
  ).toEqual({
    'loki-compactor': ['StatefulSet', 1],
    'loki-distributor': ['Deployment', 3],
    'loki-gateway': ['Deployment', 2],
    'loki-index-gateway': ['StatefulSet', 2],
    'loki-ingester': ['StatefulSet', 3],
    'loki-querier': ['Deployment', 2],
    'loki-query-frontend': ['Deployment', 2],
    'loki-query-scheduler': ['Deployment', 2],
    'loki-ruler': ['StatefulSet', 2],
  });
});

test('the ingester', () => {
  expect(stringify(loki({ storage: '50Gi', storageClassName: 'fast' }).by['loki-ingester'])).toMatchSnapshot();
});

test('gives a querier time to finish any query before SIGKILL', () => {
  const { all, by } = loki();
  const config = parse(find(all, 'ConfigMap', 'loki-config').data?.['config.yaml'] ?? '');
  const spec = pod(by['loki-querier']) as { terminationGracePeriodSeconds?: number } | undefined;

  expect(spec?.terminationGracePeriodSeconds).toBeGreaterThan(
    Number(durationMs(config.limits_config.query_timeout)) / 1000,
  );
});

test('sets replicas and the replication factor', () => {
  const { all, by } = loki({ replicas: { ingester: 5, querier: 1 }, replicationFactor: 5 });

  expect(by['loki-ingester']?.spec.replicas).toBe(5);
  expect(by['loki-querier']?.spec.replicas).toBe(1);
  expect(find(all, 'ConfigMap', 'loki-config').data?.['config.yaml']).toContain('replication_factor: 5');
  expect(all.filter(({ kind }) => kind === 'PodDisruptionBudget').map(({ metadata }) => metadata.name)).toEqual([
    'loki-distributor',
    'loki-ingester',
    'loki-query-frontend',
    'loki-query-scheduler',
    'loki-index-gateway',
    'loki-ruler',
    'loki-gateway',
  ]);
});

test('uses different gossip labels for Lokis in two namespaces', () => {
  const label = (namespace: string) => {
    const chart = emptyChart(namespace);
    new DistributedLoki(chart, PROPS);
    const { memberlist } = parse(find(manifests(chart), 'ConfigMap', 'loki-config').data?.['config.yaml'] ?? '');
    expect(memberlist).not.toHaveProperty('cluster_label_verification_disabled');
    return memberlist.cluster_label;
  };

  expect([label('logging'), label('staging')]).toEqual(['loki.logging', 'loki.staging']);
});

test('only passes credentials to targets that use the bucket', () => {
  const { by } = loki();
  const withSecret = Object.values(by).filter((each) => JSON.stringify(each).includes('secretKeyRef'));

  expect(withSecret.map(({ metadata }) => metadata.name).sort()).toEqual([
    'loki-compactor',
    'loki-index-gateway',
    'loki-ingester',
    'loki-querier',
    'loki-ruler',
  ]);
});

test('workload identity: annotates a service account for the same targets, without a token for the API server', () => {
  const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/loki' };
  const { credentialsSecret: _, ...bucket } = PROPS.objectStorage;
  const { all, by } = loki({ objectStorage: { ...bucket, serviceAccountAnnotations: annotations } });
  const named = Object.values(by).filter((each) => pod(each)?.serviceAccountName === 'loki');

  expect(find(all, 'ServiceAccount', 'loki').metadata.annotations).toEqual(annotations);
  expect(named).toHaveLength(5);
  for (const each of named) expect(pod(each)?.automountServiceAccountToken).toBe(false);
  expect(JSON.stringify(all)).not.toContain('secretKeyRef');
});

test('only mounts rules in rulers', () => {
  const { by } = loki({
    rules: [{ name: 'a.yaml', groups: [{ name: 'a', rules: [{ alert: 'A', expr: 'rate({a="b"}[1m]) > 0' }] }] }],
  });
  const mounting = Object.values(by).filter((each) => JSON.stringify(each).includes('/etc/loki/rules/fake'));

  expect(mounting.map(({ metadata }) => metadata.name)).toEqual(['loki-ruler']);
});

test('the gossip Service selects exactly the pods of all targets, including unready ones', () => {
  const { all, by } = loki();
  const gossip = services(all).find(({ metadata }) => metadata.name === 'loki-gossip');
  const inside = Object.values(by).filter(({ spec }) =>
    Object.entries(gossip?.spec.selector ?? {}).every(
      ([label, value]) => spec.template.metadata.labels?.[label] === value,
    ),
  );

  expect(gossip?.spec).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
  expect(inside.map(({ metadata }) => metadata.name).sort()).toEqual(
    Object.keys(by)
      .filter((name) => name !== 'loki-gateway')
      .sort(),
  );
});

test("the gateway routes Grafana's requests to their targets, and rejects pushes", () => {
  const { all } = loki();

  expect(find(all, 'ConfigMap', 'loki-gateway-config').data?.['default.conf']).toMatchSnapshot();
});
