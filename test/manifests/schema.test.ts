import { schemaProblems as problems } from './schemas';
import { everyAppsObjects } from './synth';

test.each(everyAppsObjects())('Kubernetes knows every field of %s', (_, all) => {
  expect(all.flatMap(problems)).toEqual([]);
});

test('reports a misspelled field, a wrong type and an unknown kind', () => {
  const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a', namespace: 'b' } };

  expect(problems({ ...policy, spec: { podSelektor: {} } })).toEqual([
    'NetworkPolicy b/a: /spec must NOT have additional properties {"additionalProperty":"podSelektor"}',
  ]);
  expect(problems({ ...policy, spec: { podSelector: {}, ingress: [{ ports: [{ port: true }] }] } })).toContain(
    'NetworkPolicy b/a: /spec/ingress/0/ports/0/port must be string {"type":"string"}',
  );
  expect(problems({ ...policy, kind: 'NetworkPolicies' })).toEqual([expect.stringContaining('no schema for')]);
});
