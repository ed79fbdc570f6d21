import { stringify } from 'yaml';
import { Promtail } from '../../lib/promtail/promtail';
import { emptyChart, manifests } from '../kubernetes/chart';
import { find } from '../manifests/kubernetes';

function promtail(namespace = 'log-collector') {
  const chart = emptyChart(namespace);
  new Promtail(chart, { lokiUrl: 'http://loki:3100' });
  return manifests(chart);
}

test('on every node, the control plane too, with the files of the node', () => {
  expect(stringify(find(promtail(), 'DaemonSet', 'promtail'))).toMatchSnapshot('DaemonSet');
});

test('may do exactly what discovery of pods needs', () => {
  const all = promtail();

  expect(find(all, 'ClusterRole', 'log-collector-promtail')).toMatchObject({
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
  });
  expect(find(all, 'ClusterRoleBinding', 'log-collector-promtail')).toMatchObject({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'log-collector-promtail' },
    subjects: [{ kind: 'ServiceAccount', name: 'promtail', namespace: 'log-collector' }],
  });
  expect(find(all, 'ServiceAccount', 'promtail')).toMatchObject({ automountServiceAccountToken: false });
});

test('what it makes for the whole cluster is named after its namespace, so that two can live in one cluster', () => {
  const names = (namespace: string) =>
    promtail(namespace)
      .filter(({ metadata }) => metadata.namespace === undefined)
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);

  expect(names('a').filter((name) => names('b').includes(name))).toEqual([]);
});
