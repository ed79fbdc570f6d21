import { stringify } from 'yaml';
import { Loki } from '../../lib/loki/loki';
import type { LokiProps } from '../../lib/loki/props';
import type { RuleFile } from '../../lib/rules/model';
import { MAX_SHARD_BYTES } from '../../lib/rules/shards';
import { emptyChart, manifests } from '../kubernetes/chart';
import { find, type Manifest, type Workload, workloads } from '../manifests/kubernetes';

const PROPS: LokiProps = {
  rules: [],
  alertmanagerUrl: 'http://alertmanager:9093',
  grafanaUrl: 'http://localhost:3000',
  datasourceUid: 'loki',
};

function loki(props: Partial<LokiProps> = {}): { all: Manifest[]; workload: Workload } {
  const chart = emptyChart();
  new Loki(chart, { ...PROPS, ...props });
  const all = manifests(chart);
  const [workload] = workloads(all);
  if (!workload) throw new Error('Loki has no workload.');
  return { all, workload };
}

const file = (name: string, alerts: number): RuleFile => ({
  name,
  groups: Array.from({ length: alerts }, (_, i) => ({
    name: `group-${i}`,
    rules: [{ alert: `Alert${i}`, expr: `sum(rate({app="a"} |= "${'x'.repeat(1000)}" [1m])) > ${i}` }],
  })),
});

test('defaults to seven days, an interval of one minute, and 5 GiB of the default storage class', () => {
  const { all, workload } = loki();

  expect(find(all, 'ConfigMap', 'loki-config').data?.['config.yaml']).toMatch(/retention_period: 168h/);
  expect(find(all, 'ConfigMap', 'loki-config').data?.['config.yaml']).toMatch(/evaluation_interval: 1m/);
  expect(workload.spec.volumeClaimTemplates?.[0]?.spec).toMatchObject({ resources: { requests: { storage: '5Gi' } } });
  expect(workload.spec.volumeClaimTemplates?.[0]?.spec).not.toHaveProperty('storageClassName');
});

test('all props', () => {
  const { all, workload } = loki({
    rules: [file('a.yaml', 1), file('b.yaml', 1)],
    retention: '720h',
    evaluationInterval: '1m',
    storage: '50Gi',
    storageClassName: 'fast',
  });

  expect(stringify(workload)).toMatchSnapshot('StatefulSet');
  expect(Object.keys(find(all, 'ConfigMap', 'loki-rules-0').data ?? {})).toEqual(['a.yaml', 'b.yaml']);
});

test('mounts rules in several ConfigMaps together, in the directory of the tenant', () => {
  const { all, workload } = loki({ rules: [file('a.yaml', 150), file('b.yaml', 150)] });
  const shards = all.filter(({ metadata }) => metadata.name.startsWith('loki-rules-'));
  const { containers, volumes } = workload.spec.template.spec;

  expect(shards.length).toBeGreaterThan(1);
  for (const shard of shards) expect(JSON.stringify(shard.data).length).toBeLessThan(MAX_SHARD_BYTES);
  expect(volumes).toContainEqual({
    name: 'rules',
    projected: { sources: shards.map(({ metadata }) => ({ configMap: { name: metadata.name } })) },
  });
  expect(containers[0]?.volumeMounts).toContainEqual({
    name: 'rules',
    mountPath: '/etc/loki/rules/fake',
    readOnly: true,
  });
});

test('uses a liveness probe that succeeds during a replay of the write-ahead log, unlike readiness', () => {
  const [container] = loki().workload.spec.template.spec.containers;

  expect(container).toMatchObject({
    readinessProbe: { httpGet: { path: '/ready' } },
    livenessProbe: { httpGet: { path: '/loki/api/v1/status/buildinfo' } },
  });
});

test('has two minutes to write data in memory', () => {
  expect(loki().workload.spec.template.spec).toMatchObject({ terminationGracePeriodSeconds: 120 });
});
