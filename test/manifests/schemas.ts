import { join } from 'node:path';
import Ajv from 'ajv';
import { type Manifest, nameOf } from './kubernetes';
import { readFolder } from './synth';

const SCHEMAS = join(__dirname, '../../tools/manifests/schemas');

const ajv = new Ajv({
  allErrors: true,
  schemas: Object.entries(readFolder(SCHEMAS)).map(([name, text]) => ({ $id: name, ...JSON.parse(text) })),
});

/** Returns the problems of an object by Kubernetes' schemas, which reject unknown fields. */
export function schemaProblems(object: Manifest): string[] {
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
