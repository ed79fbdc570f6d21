import { COLLECTOR_NAMES, type CollectorName, collector } from '../../lib/collector/collectors';
import { collectorOf } from '../../lib/stack/profiles';
import { emptyChart, manifests } from '../kubernetes/chart';
import { find, workloads } from '../manifests/kubernetes';

function objectsOf(name: CollectorName, namespace = 'log-collector') {
  const chart = emptyChart(namespace);
  const made = collector(chart, name, { lokiUrl: 'http://loki:3100' });
  return { all: manifests(chart), name: made.name };
}

test.each([
  [{}, 'promtail'],
  [{ profile: 'demo' }, 'promtail'],
  [{ profile: 'single' }, 'opentelemetry'],
  [{ profile: 'distributed' }, 'opentelemetry'],
  [{ profile: 'demo', collector: 'opentelemetry' }, 'opentelemetry'],
  [{ profile: 'single', collector: 'promtail' }, 'promtail'],
] as const)('%j uses %s', (props, name) => {
  expect(collectorOf(props)).toBe(name);
});

describe.each(COLLECTOR_NAMES)('%s', (which) => {
  test('has exactly the permissions for watching pods', () => {
    const { all, name } = objectsOf(which);

    expect(find(all, 'ClusterRole', `log-collector-${name}`)).toMatchObject({
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    });
    expect(find(all, 'ClusterRoleBinding', `log-collector-${name}`)).toMatchObject({
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `log-collector-${name}` },
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'log-collector' }],
    });
    expect(find(all, 'ServiceAccount', name)).toMatchObject({ automountServiceAccountToken: false });
  });

  test('has the name of its node, and only the positions are writable', () => {
    const [daemonSet] = workloads(objectsOf(which).all);
    const { containers = [], volumes = [] } = daemonSet?.spec.template.spec ?? {};
    const writable = containers.flatMap(({ volumeMounts = [] }) => volumeMounts.filter(({ readOnly }) => !readOnly));

    expect(containers[0]?.env).toContainEqual({
      name: expect.any(String),
      valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } },
    });
    expect(writable.map(({ name }) => name)).toEqual(['positions']);
    expect(volumes).toContainEqual({
      name: 'positions',
      hostPath: { path: writable[0]?.mountPath, type: 'DirectoryOrCreate' },
    });
  });

  test('runs on every Linux node, regardless of taints', () => {
    const [daemonSet] = workloads(objectsOf(which).all);

    expect(daemonSet?.spec.template.spec).toMatchObject({
      tolerations: [{ operator: 'Exists' }],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
    });
  });

  test('can run with only the log files of the node, mounted read-only', () => {
    const chart = emptyChart();
    collector(chart, which, { lokiUrl: 'http://loki:3100', host: { dockerLogs: false, positions: 'emptyDir' } });
    const [daemonSet] = workloads(manifests(chart));
    const { containers = [], volumes = [] } = daemonSet?.spec.template.spec ?? {};
    const mountOf = (name: string) => containers[0]?.volumeMounts?.find((mount) => mount.name === name);

    expect(volumes.filter(({ hostPath }) => hostPath)).toEqual([
      { name: 'pod-logs', hostPath: { path: '/var/log/pods' } },
    ]);
    expect(mountOf('pod-logs')).toMatchObject({ readOnly: true });
    expect(volumes).toContainEqual({ name: 'positions', emptyDir: { sizeLimit: '256Mi' } });
    expect(mountOf('docker-logs')).toBeUndefined();
  });

  test('prefixes cluster-scoped objects with its namespace, so that a cluster can have two', () => {
    const names = (namespace: string) =>
      objectsOf(which, namespace)
        .all.filter(({ metadata }) => metadata.namespace === undefined)
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`);

    expect(names('a').filter((name) => names('b').includes(name))).toEqual([]);
  });
});

test('collectors share no object except their namespace, so that both can run during a migration', () => {
  const all = COLLECTOR_NAMES.flatMap((which) =>
    objectsOf(which).all.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
  );
  const shared = all.filter((object, index) => all.indexOf(object) !== index);

  expect(new Set(shared)).toEqual(new Set(['Namespace log-collector']));
});
