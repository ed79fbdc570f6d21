import { versionLabel } from '../../lib/kubernetes/labels';
import { find } from '../manifests/kubernetes';
import { Example, emptyChart, manifests } from './chart';

test('gives all objects the same name and labels, and the Service all ports', () => {
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
    'app.kubernetes.io/managed-by': 'cdk8s',
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

test('annotates a workload with its waivers and their reasons', () => {
  const chart = emptyChart();

  new Example(chart, 'shop');

  expect(find(manifests(chart), 'Deployment', 'shop').metadata.annotations).toMatchObject({
    'log-alerting/waivers': expect.stringMatching(/^cpu-limit: .+\npull-always: .+\n/),
    'kube-score/ignore': 'container-resources,container-image-pull-policy',
    'checkov.io/skip1': expect.stringMatching(/^CKV_K8S_11=./),
    'polaris.fairwinds.com/cpuLimitsMissing-exempt': 'true',
  });
});

test.each([
  ['shop:1.2.3', { 'app.kubernetes.io/version': '1.2.3' }],
  ['shop/web:v1.2.3@sha256:0123', { 'app.kubernetes.io/version': '1.2.3' }],
  ['registry.example.com:5000/shop:1.31.6-alpine3.24', { 'app.kubernetes.io/version': '1.31.6-alpine3.24' }],
  ['registry.example.com:5000/shop@sha256:0123', {}],
])('derives the version label of %s: %j', (image, label) => {
  expect(versionLabel(image)).toEqual(label);
});

test('puts the version neither in selectors nor on pods', () => {
  const chart = emptyChart();

  new Example(chart, 'shop');

  const { metadata, spec } = find(manifests(chart), 'Deployment', 'shop');
  expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/version': '1.0.0' });
  expect(JSON.stringify(spec)).not.toContain('app.kubernetes.io/version');
});

test('rejects two components with the same name', () => {
  const chart = emptyChart();
  new Example(chart, 'shop');

  expect(() => new Example(chart, 'shop')).toThrow("already a Construct with name 'shop'");
});
