import { App } from 'cdk8s';
import { parse, stringify } from 'yaml';
import { NamespacedChart } from '../../lib/kubernetes/namespaced-chart';
import { DistributedLoki } from '../../lib/loki/distributed';
import type { DistributedLokiProps } from '../../lib/loki/props';
import type { PodsOptions } from '../../lib/stack/pods';
import { manifests } from '../kubernetes/chart';
import { find, type Manifest, type Workload, workloads } from '../manifests/kubernetes';

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

function loki(props: Partial<DistributedLokiProps> = {}, pods: PodsOptions = {}) {
  const chart = new NamespacedChart(new App(), 'logging', { podSecurity: 'restricted', podDefaults: { pods } });
  const construct = new DistributedLoki(chart, { ...PROPS, ...props });
  const all = manifests(chart);
  const by: Readonly<Record<string, Workload>> = Object.fromEntries(
    workloads(all).map((each) => [each.metadata.name, each]),
  );
  const config = parse(find(all, 'ConfigMap', 'loki-config').data?.['config.yaml'] ?? '');
  return { all, by, config, flows: construct.flows };
}

const container = (workload?: Workload) => workload?.spec.template.spec.containers[0];
const budgets = (all: readonly Manifest[]) =>
  all.filter(({ kind, metadata }) => kind === 'PodDisruptionBudget' && metadata.name?.startsWith('loki-ingester'));

describe('autoscaling', () => {
  const { all, by } = loki({ autoscaling: { querier: { minReplicas: 2, maxReplicas: 20 } } });

  test('creates an autoscaler of the Deployment', () => {
    expect(find(all, 'HorizontalPodAutoscaler', 'loki-querier').spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'loki-querier' },
      minReplicas: 2,
      maxReplicas: 20,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
      ],
    });
    expect(all.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')).toHaveLength(1);
  });

  test('omits replicas of the Deployment, which each apply would restore, and keeps the budget', () => {
    expect(by['loki-querier']?.spec).not.toHaveProperty('replicas');
    expect(by['loki-distributor']?.spec.replicas).toBe(3);
    find(all, 'PodDisruptionBudget', 'loki-querier');
  });
});

test('limits a replay of the write-ahead log to half of the memory of an ingester', () => {
  const ceiling = (memoryLimit?: string) =>
    loki({}, { 'loki-ingester': { resources: { memory: '256Mi', memoryLimit } } }).config.ingester.wal
      .replay_memory_ceiling;

  expect([ceiling(), ceiling('512Mi')]).toEqual(['1024MB', '256MB']);
});

test('changes the given resources of the given targets', () => {
  const before = loki().by;
  const { by } = loki({}, { 'loki-ingester': { resources: { memory: '4Gi', memoryLimit: '8Gi' } } });

  expect(container(by['loki-ingester'])?.resources).toEqual({
    requests: { ...container(before['loki-ingester'])?.resources.requests, memory: '4Gi' },
    limits: { ...container(before['loki-ingester'])?.resources.limits, memory: '8Gi' },
  });
  // The common configuration depends on the memory of ingesters.
  const config = { 'checksum/config': expect.any(String) };
  const { spec, ...ruler } = before['loki-ruler'] as Workload;
  const template = { ...spec.template, metadata: { ...spec.template.metadata, annotations: config } };
  expect(by['loki-ruler']).toEqual({ ...ruler, spec: { ...spec, template } });
});

describe('zones', () => {
  const { all, by, config } = loki({ zones: ['a', 'b', 'c'], replicas: { ingester: 6 } });
  const ingesters = Object.values(by).filter(({ metadata }) => metadata.name?.startsWith('loki-ingester'));

  test('have the same number of ingesters each, with the zone in their environment', () => {
    expect(
      ingesters.map(({ metadata, spec }) => [
        metadata.name,
        spec.replicas,
        stringify(spec.template.spec).match(/nodeSelector:\n *topology.kubernetes.io\/zone: (.*)\n/)?.[1],
        stringify(container(by[metadata.name ?? ''])?.env).match(/name: ZONE\n *value: (.*)\n/)?.[1],
      ]),
    ).toEqual([
      ['loki-ingester-a', 2, 'a', 'a'],
      ['loki-ingester-b', 2, 'b', 'b'],
      ['loki-ingester-c', 2, 'c', 'c'],
    ]);
  });

  test('store one copy of a line each', () => {
    expect(config.ingester.lifecycler).toEqual({
      availability_zone: '${ZONE}',
      ring: { zone_awareness_enabled: true },
    });
    expect(loki().config.ingester).not.toHaveProperty('lifecycler');
  });

  test('lose at most one ingester at a time, by a drained node or by an apply', () => {
    expect(budgets(all).map(({ spec }) => spec)).toEqual([
      {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: { 'rollout-group': 'loki-ingester' } },
      },
    ]);
    for (const { spec, metadata } of ingesters) {
      expect(spec).toMatchObject({ updateStrategy: { type: 'OnDelete' } });
      expect(spec.template.metadata.labels).toMatchObject({ 'rollout-group': 'loki-ingester' });
      expect(metadata.labels).toMatchObject(spec.template.metadata.labels ?? {});
    }
    expect(loki().by['loki-ingester']?.spec).not.toHaveProperty('updateStrategy');
  });
});

describe('caches', () => {
  const { by, config, flows } = loki({ caches: { chunks: { memory: '1Gi' }, results: { memory: '256Mi' } } });

  test('are only created on request', () => {
    expect(Object.keys(loki().by).filter((name) => name.includes('cache'))).toEqual([]);
    expect(loki().config).not.toHaveProperty('chunk_store_config');
    expect(loki({ caches: { results: { memory: '64Mi' } } }).by).not.toHaveProperty('loki-chunks-cache');
  });

  test('request a fifth more memory than they cache', () => {
    expect(container(by['loki-chunks-cache'])).toMatchObject({
      args: ['-m', '1024', '-I', '5m', '--extended=modern'],
      resources: { requests: { memory: '1229Mi' }, limits: { memory: '1229Mi' } },
    });
    expect(container(by['loki-results-cache'])?.resources.requests.memory).toBe('308Mi');
  });

  test('are configured by name', () => {
    expect(config.chunk_store_config.chunk_cache_config.memcached_client.addresses).toBe(
      'dns+loki-chunks-cache.logging.svc:11211',
    );
    expect(config.query_range.results_cache.cache.memcached_client.addresses).toBe(
      'dns+loki-results-cache.logging.svc:11211',
    );
  });

  test('only accept connections from targets that use them', () => {
    const users = (name: string) =>
      flows.flatMap(({ from, to }) =>
        'name' in from && typeof to === 'object' && 'name' in to && to.name === name ? [from.name] : [],
      );
    expect(users('loki-chunks-cache').sort()).toEqual([
      'loki-index-gateway',
      'loki-ingester',
      'loki-querier',
      'loki-ruler',
    ]);
    expect(users('loki-results-cache')).toEqual(['loki-query-frontend']);
  });
});

test('always has a compactor with retention enabled', () => {
  for (const props of [{}, { retention: '90d' }, { zones: ['a', 'b', 'c'] }] as const) {
    const { by, config } = loki(props);
    expect(by['loki-compactor']?.spec.replicas).toBe(1);
    expect(config.compactor).toMatchObject({ retention_enabled: true, delete_request_store: 's3' });
    expect(config.limits_config.retention_period).toBe('retention' in props ? props.retention : '168h');
  }
});
