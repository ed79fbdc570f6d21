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

  test('makes an autoscaler of the Deployment', () => {
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

  test('leaves the number out of the Deployment, where each apply would set it again, and keeps the budget', () => {
    expect(by['loki-querier']?.spec).not.toHaveProperty('replicas');
    expect(by['loki-distributor']?.spec.replicas).toBe(3);
    find(all, 'PodDisruptionBudget', 'loki-querier');
  });
});

test('a replay of the write-ahead log holds half of what an ingester may use', () => {
  const ceiling = (memoryLimit?: string) =>
    loki({}, { 'loki-ingester': { resources: { memory: '256Mi', memoryLimit } } }).config.ingester.wal
      .replay_memory_ceiling;

  expect([ceiling(), ceiling('512Mi')]).toEqual(['1024MB', '256MB']);
});

test('resources change what is named, of the targets that are named', () => {
  const before = loki().by;
  const { by } = loki({}, { 'loki-ingester': { resources: { memory: '4Gi', memoryLimit: '8Gi' } } });

  expect(container(by['loki-ingester'])?.resources).toEqual({
    requests: { ...container(before['loki-ingester'])?.resources.requests, memory: '4Gi' },
    limits: { ...container(before['loki-ingester'])?.resources.limits, memory: '8Gi' },
  });
  // The configuration is one for all, and the ingesters' memory is in it.
  const config = { 'checksum/config': expect.any(String) };
  const { spec, ...ruler } = before['loki-ruler'] as Workload;
  const template = { ...spec.template, metadata: { ...spec.template.metadata, annotations: config } };
  expect(by['loki-ruler']).toEqual({ ...ruler, spec: { ...spec, template } });
});

describe('zones', () => {
  const { all, by, config } = loki({ zones: ['a', 'b', 'c'], replicas: { ingester: 6 } });
  const ingesters = Object.values(by).filter(({ metadata }) => metadata.name?.startsWith('loki-ingester'));

  test('each have as many ingesters, which know their zone', () => {
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

  test('hold the copies of a line, one each', () => {
    expect(config.ingester.lifecycler).toEqual({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Loki replaces it.
      availability_zone: '${ZONE}',
      ring: { zone_awareness_enabled: true },
    });
    expect(loki().config.ingester).not.toHaveProperty('lifecycler');
  });

  test('lose no two ingesters at a time, by a drained node or by an apply', () => {
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

  test('are not there unless they are asked for', () => {
    expect(Object.keys(loki().by).filter((name) => name.includes('cache'))).toEqual([]);
    expect(loki().config).not.toHaveProperty('chunk_store_config');
    expect(loki({ caches: { results: { memory: '64Mi' } } }).by).not.toHaveProperty('loki-chunks-cache');
  });

  test('ask for what they hold and a fifth more', () => {
    expect(container(by['loki-chunks-cache'])).toMatchObject({
      args: ['-m', '1024', '-I', '5m', '--extended=modern'],
      resources: { requests: { memory: '1229Mi' }, limits: { memory: '1229Mi' } },
    });
    expect(container(by['loki-results-cache'])?.resources.requests.memory).toBe('308Mi');
  });

  test('are found by name', () => {
    expect(config.chunk_store_config.chunk_cache_config.memcached_client.addresses).toBe(
      'dns+loki-chunks-cache.logging.svc:11211',
    );
    expect(config.query_range.results_cache.cache.memcached_client.addresses).toBe(
      'dns+loki-results-cache.logging.svc:11211',
    );
  });

  test('are reached by those alone that use them', () => {
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

test('what is kept for a time is deleted after it: the compactor is always there, with retention on', () => {
  for (const props of [{}, { retention: '90d' }, { zones: ['a', 'b', 'c'] }] as const) {
    const { by, config } = loki(props);
    expect(by['loki-compactor']?.spec.replicas).toBe(1);
    expect(config.compactor).toMatchObject({ retention_enabled: true, delete_request_store: 's3' });
    expect(config.limits_config.retention_period).toBe('retention' in props ? props.retention : '168h');
  }
});
