import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { RuleFile } from '../rules/model';
import { shardRules } from '../rules/shards';

/**
 * The rule files as ConfigMaps, and the one volume that holds them all. It belongs into the folder of the tenant: at the
 * root of the rules, Loki 3 takes the volume's `..data` link for a tenant.
 */
export function rulesVolume(
  scope: Construct,
  rules: readonly RuleFile[],
  labels: k8s.ObjectMeta['labels'],
): k8s.Volume {
  const shards = shardRules(rules).map(
    ({ name, data }) => new k8s.KubeConfigMap(scope, name, { metadata: { name, labels }, data }),
  );
  return { name: 'rules', projected: { sources: shards.map(({ name }) => ({ configMap: { name } })) } };
}
