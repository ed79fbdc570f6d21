import { App } from 'cdk8s';
import { NamespacedChart } from '../../lib/kubernetes/namespaced-chart';
import { Example, manifests } from './chart';

test.each(['restricted', 'privileged'] as const)('starts with a Namespace that enforces %s', (podSecurity) => {
  // GIVEN
  const chart = new NamespacedChart(new App(), 'shop', { podSecurity });

  // WHEN
  new Example(chart, 'till');

  // THEN
  const [namespace, ...others] = manifests(chart);
  expect(namespace).toEqual({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: 'shop',
      labels: {
        'app.kubernetes.io/part-of': 'log-alerting',
        'pod-security.kubernetes.io/enforce': podSecurity,
        'app.kubernetes.io/managed-by': 'cdk8s',
        'pod-security.kubernetes.io/audit': podSecurity,
        'pod-security.kubernetes.io/warn': podSecurity,
      },
    },
  });
  expect(others.map(({ metadata }) => metadata.namespace)).toEqual(['shop']);
});
