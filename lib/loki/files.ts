import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { createObject } from '../kubernetes/create-object';
import type { RuleFile } from '../rules/model';
import { MAX_SHARD_BYTES, shardRules } from '../rules/shards';
import { OWN_TENANT, TENANT_ANNOTATION, tenantRules } from '../rules/tenant';
import { RULES_PATH, RUNTIME_CONFIG_FILE, RUNTIME_CONFIG_PATH } from './container';
import type { Tenants } from './tenants';

/** A volume and its mount path in Loki. */
export interface Mount {
  readonly path: string;
  readonly volume: k8s.Volume;
}

export interface LokiFilesProps {
  /** Rule files of the tenant of the stack. */
  readonly rules: readonly RuleFile[];
  readonly tenants?: Tenants;
}

/**
 * Creates ConfigMaps with the rule files; returns one volume per tenant with all of them. Its mount path is the folder
 * of the tenant: in the root of the rules, Loki 3 would treat the volume's `..data` link as a tenant.
 */
export function ruleMounts(
  scope: Construct,
  { rules, tenants = {} }: LokiFilesProps,
  labels: k8s.ObjectMeta['labels'],
): Mount[] {
  const mount = (tenant: string, files: readonly RuleFile[], suffix: string): Mount => {
    const annotations = tenant === OWN_TENANT ? undefined : { [TENANT_ANNOTATION]: tenant };
    const shards = shardRules(files, MAX_SHARD_BYTES, `loki-rules${suffix}`).map(({ name, data }) =>
      createObject(scope, name, k8s.KubeConfigMap, { metadata: { name, labels, annotations }, data }),
    );
    return {
      path: `${RULES_PATH}/${tenant}`,
      volume: {
        name: `rules${suffix}`,
        projected: { sources: shards.map(({ name }) => ({ configMap: { name } })) },
      },
    };
  };
  return [
    mount(OWN_TENANT, rules, ''),
    ...Object.entries(tenants).map(([id, tenant]) => mount(id, tenantRules(id, tenant), `-${id}`)),
  ];
}

/** Creates a ConfigMap with the tenants' limits, which Loki reloads every ten seconds: a change needs no rollout. */
export function runtimeConfigMounts(
  scope: Construct,
  { tenants }: LokiFilesProps,
  labels: k8s.ObjectMeta['labels'],
): Mount[] {
  if (tenants === undefined) return [];
  const name = 'loki-runtime-config';
  const overrides = Object.fromEntries(Object.entries(tenants).map(([id, { limits = {} }]) => [id, limits]));
  createObject(scope, name, k8s.KubeConfigMap, {
    metadata: { name, labels },
    data: { [RUNTIME_CONFIG_FILE]: stringify({ overrides }) },
  });
  return [{ path: RUNTIME_CONFIG_PATH, volume: { name: 'runtime-config', configMap: { name } } }];
}

/** Returns volume names by mount path, as in `readOnly` of a container. */
export function mounted(mounts: readonly Mount[]): Record<string, string> {
  return Object.fromEntries(mounts.map(({ path, volume }) => [path, volume.name]));
}
