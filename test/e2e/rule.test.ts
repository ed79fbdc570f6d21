import { expectedMessage } from './rule';

const MANIFESTS = [
  {
    kind: 'ConfigMap',
    metadata: { name: 'loki-rules-0' },
    data: {
      'flood.yaml': `groups:
  - name: flood
    rules:
      - alert: Flood
        expr: vector(1) > 0
        labels: { severity: warning }
        annotations: { title: "Flood: {{ $labels.namespace }}/{{ $labels.app }}" }
`,
    },
  },
];

test('expectedMessage fills the labels into the alert of the manifests', () => {
  expect(expectedMessage(MANIFESTS, 'Flood', { namespace: 'demo', app: 'web' })).toEqual({
    title: 'Flood: demo/web',
    labels: { alertname: 'Flood', severity: 'warning', namespace: 'demo', app: 'web' },
    receiver: 'warning-devops-slack',
    expr: 'vector(1) > 0',
  });
});

test('expectedMessage rejects an alert that is not in the manifests', () => {
  expect(() => expectedMessage(MANIFESTS, 'Other', { namespace: 'demo', app: 'web' })).toThrow("no alert 'Other'");
});
