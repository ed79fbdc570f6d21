import { find } from '../manifests/kubernetes';
import { Example, emptyChart, manifests } from './chart';

test('a component has one name, one set of labels, and a Service port for each of its own', () => {
  // GIVEN
  const chart = emptyChart();

  // WHEN
  const component = new Example(chart, 'shop', { http: 8080, grpc: 9090 });

  // THEN
  const labels = {
    'app.kubernetes.io/name': 'shop',
    'app.kubernetes.io/instance': 'log-alerting',
    'app.kubernetes.io/component': 'example',
    'app.kubernetes.io/part-of': 'log-alerting',
  };
  const selector = { 'app.kubernetes.io/name': 'shop', 'app.kubernetes.io/instance': 'log-alerting' };
  expect(find(manifests(chart), 'Service', 'shop')).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop', namespace: 'logging', labels },
    spec: {
      selector,
      ports: [
        { name: 'http', port: 8080, targetPort: 'http' },
        { name: 'grpc', port: 9090, targetPort: 'grpc' },
      ],
    },
  });
  expect(find(manifests(chart), 'Deployment', 'shop')).toMatchObject({
    metadata: { name: 'shop', namespace: 'logging', labels },
    spec: {
      revisionHistoryLimit: 3,
      selector: { matchLabels: selector },
      template: { metadata: { labels, annotations: { a: 'b' } } },
    },
  });
  expect(component.url('grpc')).toBe('http://shop.logging.svc:9090');
});

test('a workload says which checks of kube-score it leaves out, and why', () => {
  const chart = emptyChart();

  new Example(chart, 'shop');

  expect(find(manifests(chart), 'Deployment', 'shop').metadata.annotations).toEqual({
    'kube-score/ignore': 'container-resources,container-image-pull-policy',
    'kube-score/ignore-reasons': expect.stringMatching(/^container-resources: .+\ncontainer-image-pull-policy: .+$/),
  });
});

test('two components of one name are refused by the tree of constructs', () => {
  const chart = emptyChart();
  new Example(chart, 'shop');

  expect(() => new Example(chart, 'shop')).toThrow("already a Construct with name 'shop'");
});
