import { join } from 'node:path';
import Ajv from 'ajv';
import { type Manifest, nameOf } from './kubernetes';
import { everyAppsObjects, readFolder } from './synth';

const SCHEMAS = join(__dirname, '../../tools/manifests/schemas');

const ajv = new Ajv({
  allErrors: true,
  schemas: Object.entries(readFolder(SCHEMAS)).map(([name, text]) => ({ $id: name, ...JSON.parse(text) })),
});

/** Returns the problems of an object by Kubernetes' schemas, which reject unknown fields. */
function problems(object: Manifest): string[] {
  const [version = '', group] = object.apiVersion.split('/').reverse();
  const schema = [object.kind, group?.split('.')[0], version].filter((part) => part).join('-');
  const validate = ajv.getSchema(`${schema.toLowerCase()}.json`);
  if (!validate)
    return [
      `${nameOf(object)}: no schema for ${object.apiVersion} ${object.kind}; tools/manifests/schemas.ts lists the kinds`,
    ];
  validate(object);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${nameOf(object)}: ${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

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
