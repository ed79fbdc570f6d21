/**
 * Writes the JSON schemas of the Kubernetes objects in this project's manifests, from the OpenAPI documents in the
 * source of Kubernetes: strict (without unknown fields) and without descriptions, so that they are small enough to be
 * committed and `npm test` needs no network. Run it after a change of the version or the kinds:
 *
 *     node -r tsx/cjs tools/manifests/schemas.ts
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Version of Kubernetes. */
const KUBERNETES = 'v1.34.2';

/** Kinds by OpenAPI document. */
const KINDS = {
  api__v1: ['ConfigMap', 'Namespace', 'PersistentVolumeClaim', 'Secret', 'Service', 'ServiceAccount'],
  apis__apps__v1: ['DaemonSet', 'Deployment', 'StatefulSet'],
  apis__autoscaling__v2: ['HorizontalPodAutoscaler'],
  apis__batch__v1: ['CronJob', 'Job'],
  'apis__networking.k8s.io__v1': ['Ingress', 'NetworkPolicy'],
  apis__policy__v1: ['PodDisruptionBudget'],
  'apis__rbac.authorization.k8s.io__v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
};

/** Version of the Prometheus Operator. */
const OPERATOR = 'v0.85.0';

/** Custom resources of the Prometheus Operator, by the name of their file. */
const OPERATOR_KINDS = ['podmonitors', 'prometheusrules', 'servicemonitors'];

/** Version of the Gateway API. */
const GATEWAY_API = 'v1.4.0';
const GATEWAY_KINDS = ['httproutes'];

/** Custom resources of the Loki operator, from this folder. */
const LOKI_KINDS = ['alertingrules', 'recordingrules'];

/**
 * File of the shared definitions. The file of a kind has the name that kubeconform expects: `deployment-apps-v1.json`.
 */
const DEFINITIONS = '_definitions.json';

/** Keywords for validation; the others are documentation, or for the API server. */
const KEYWORDS = ['type', 'required', 'properties', 'items', 'additionalProperties', 'oneOf', 'enum'];

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
  readonly [keyword: string]: unknown;
}

const source = moduleSource(`k8s.io/kubernetes@${KUBERNETES}`);
const operator = moduleSource(`github.com/prometheus-operator/prometheus-operator@${OPERATOR}`);
const gatewayApi = moduleSource(`sigs.k8s.io/gateway-api@${GATEWAY_API}`);
const folder = join(__dirname, 'schemas');
const definitions: Record<string, unknown> = {};
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);

for (const [document, kinds] of Object.entries(KINDS)) {
  const path = join(source, 'api/openapi-spec/v3', `${document}_openapi.json`);
  const { schemas } = JSON.parse(readFileSync(path, 'utf8')).components as { schemas: Record<string, Schema> };
  for (const kind of kinds) writeKind(kind, schemas);
}
for (const name of OPERATOR_KINDS) {
  writeCustomKind(join(operator, 'example/prometheus-operator-crd', `monitoring.coreos.com_${name}.yaml`));
}
for (const name of GATEWAY_KINDS) {
  writeCustomKind(join(gatewayApi, 'config/crd/standard', `gateway.networking.k8s.io_${name}.yaml`));
}
for (const name of LOKI_KINDS) writeCustomKind(join(__dirname, 'crds', `loki.grafana.com_${name}.yaml`));
write(DEFINITIONS, { definitions: Object.fromEntries(Object.entries(definitions).sort()) });

/** Downloads a module from the Go module proxy, once, and returns its folder. */
function moduleSource(module: string): string {
  const args = ['mod', 'download', '-json', module];
  return JSON.parse(execFileSync('go', args, { cwd: '/', encoding: 'utf8' })).Dir;
}

function writeKind(kind: string, schemas: Readonly<Record<string, Schema>>): void {
  for (const [name, schema] of Object.entries(schemas)) {
    const id = schema['x-kubernetes-group-version-kind']?.[0];
    if (id?.kind !== kind) continue;
    const { group, version } = id;
    define(name, schemas);
    writeObject({ group, version, kind }, { $ref: `${DEFINITIONS}#/definitions/${name}` });
  }
}

interface CustomKind {
  readonly group: string;
  readonly names: { readonly kind: string };
  readonly versions: readonly {
    readonly name: string;
    /** True for the version that clusters store. */
    readonly storage: boolean;
    readonly schema: { readonly openAPIV3Schema: Schema };
  }[];
}

function writeCustomKind(definition: string): void {
  const { group, names, versions }: CustomKind = parse(readFileSync(definition, 'utf8')).spec;
  for (const { name: version, schema } of versions.filter(({ storage }) => storage)) {
    const { properties } = schema.openAPIV3Schema;
    // A definition only declares metadata as an object.
    const metadata = { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };
    const name = `${group}.${version}.${names.kind}`;
    definitions[name] = strict({ ...schema.openAPIV3Schema, properties: { ...properties, metadata } }, () => {});
    writeObject({ group, version, kind: names.kind }, { $ref: `${DEFINITIONS}#/definitions/${name}` });
  }
}

function writeObject(id: { group: string; version: string; kind: string }, schema: Schema): void {
  const { group, version, kind } = id;
  const parts = [kind, group.split('.')[0], version].filter((part) => part);
  write(`${parts.join('-').toLowerCase()}.json`, {
    allOf: [
      schema,
      {
        type: 'object',
        required: ['apiVersion', 'kind', 'metadata'],
        properties: {
          apiVersion: { const: [group, version].filter((part) => part).join('/') },
          kind: { const: kind },
        },
      },
    ],
  });
}

/** Adds the schema and all schemas that it refers to. */
function define(name: string, schemas: Readonly<Record<string, Schema>>): void {
  const schema = schemas[name];
  if (schema === undefined) throw new Error(`the OpenAPI document has no schema '${name}'`);
  if (name in definitions) return;
  definitions[name] = {};
  definitions[name] = strict(schema, (ref) => define(ref, schemas));
}

function strict(schema: Schema, define: (name: string) => void): unknown {
  // A reference with a description or a default is wrapped in `allOf`.
  const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (ref !== undefined) {
    const name = ref.slice(ref.lastIndexOf('/') + 1);
    define(name);
    return { $ref: `#/definitions/${name}` };
  }
  const entries = Object.entries(schema).filter(([keyword]) => KEYWORDS.includes(keyword));
  const kept = entries.map(([keyword, value]): [string, unknown] => {
    if (keyword === 'properties') return [keyword, mapValues(value as Record<string, Schema>, define)];
    if (keyword === 'items' || keyword === 'additionalProperties') return [keyword, strict(value as Schema, define)];
    return [keyword, value];
  });
  return { ...Object.fromEntries(kept), ...(schema.properties ? { additionalProperties: false } : {}) };
}

function mapValues(properties: Readonly<Record<string, Schema>>, define: (name: string) => void) {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, strict(schema, define)]));
}

function write(file: string, schema: object): void {
  const draft = { $schema: 'http://json-schema.org/draft-07/schema#' };
  writeFileSync(join(folder, file), `${JSON.stringify({ ...draft, ...schema }, null, 1)}\n`);
}
