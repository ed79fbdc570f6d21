import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import type { RuleFile } from '../rules/model';
import { MAX_SHARD_BYTES, shardRules } from '../rules/shards';
import { OWN_TENANT, TENANT_ANNOTATION, tenantRules } from '../rules/tenant';
import { RULES_PATH, RUNTIME_CONFIG_FILE, RUNTIME_CONFIG_PATH } from './container';
import type { Tenants } from './tenants';

/** A volume, and the folder of Loki that it is mounted into. */
export interface Mount {
  readonly path: string;
  readonly volume: k8s.Volume;
}

export interface LokiFilesProps {
  /** Rule files of the stack's own tenant. */
  readonly rules: readonly RuleFile[];
  readonly tenants?: Tenants;
}

/**
 * The rule files as ConfigMaps, and one volume a tenant that holds them all. It belongs into the folder of the tenant: at
 * the root of the rules, Loki 3 takes the volume's `..data` link for a tenant.
 */
export function ruleMounts(
  scope: Construct,
  { rules, tenants = {} }: LokiFilesProps,
  labels: k8s.ObjectMeta['labels'],
): Mount[] {
  const mount = (tenant: string, files: readonly RuleFile[], suffix: string): Mount => {
    const annotations = tenant === OWN_TENANT ? undefined : { [TENANT_ANNOTATION]: tenant };
    const shards = shardRules(files, MAX_SHARD_BYTES, `loki-rules${suffix}`).map(
      ({ name, data }) => new k8s.KubeConfigMap(scope, name, { metadata: { name, labels, annotations }, data }),
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

/** The tenants' limits, which Loki reads anew every ten seconds: nothing that rolls pods out. */
export function runtimeConfigMounts(
  scope: Construct,
  { tenants }: LokiFilesProps,
  labels: k8s.ObjectMeta['labels'],
): Mount[] {
  if (tenants === undefined) return [];
  const name = 'loki-runtime-config';
  const overrides = Object.fromEntries(Object.entries(tenants).map(([id, { limits = {} }]) => [id, limits]));
  new k8s.KubeConfigMap(scope, name, {
    metadata: { name, labels },
    data: { [RUNTIME_CONFIG_FILE]: stringify({ overrides }) },
  });
  return [{ path: RUNTIME_CONFIG_PATH, volume: { name: 'runtime-config', configMap: { name } } }];
}

/** Mount path to volume name, as a container's `readOnly` has it. */
export function mounted(mounts: readonly Mount[]): Record<string, string> {
  return Object.fromEntries(mounts.map(({ path, volume }) => [path, volume.name]));
}
