import { podSpec } from '../../lib/kubernetes/pod';
import { statefulSet, type VolumeClaim } from '../../lib/kubernetes/stateful-set';
import { find } from '../manifests/kubernetes';
import { emptyChart, manifests } from './chart';

/** Returns the claim template of a StatefulSet with this claim. */
function claimTemplate(claim: VolumeClaim): unknown {
  const chart = emptyChart();
  const container = { name: 'a', image: 'a:1.0.0', resources: { cpu: '1m', memory: '1Mi', memoryLimit: '1Mi' } };
  statefulSet(chart, 'a', {
    metadata: { name: 'a' },
    spec: { selector: {}, serviceName: 'a', template: { spec: podSpec({ user: 1, container }) } },
    claim,
  });
  const { spec } = find(manifests(chart), 'StatefulSet', 'a') as unknown as {
    spec: { volumeClaimTemplates: unknown[] };
  };
  expect(spec.volumeClaimTemplates).toHaveLength(1);
  return spec.volumeClaimTemplates[0];
}

test('creates a claim template of the default class, with the defaults of the API server', () => {
  expect(claimTemplate({ storage: '5Gi' })).toEqual({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem', resources: { requests: { storage: '5Gi' } } },
    status: { phase: 'Pending' },
  });
});

test('sets the storage class', () => {
  expect(claimTemplate({ storage: '5Gi', storageClassName: 'fast' })).toMatchObject({
    spec: { storageClassName: 'fast' },
  });
});
