import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { YamlDocument } from './yaml-text';

/** What a YAML document is, told by its top-level fields. */
export type DocumentKind =
  | 'empty'
  | 'rules'
  | 'resource'
  | 'list'
  | 'config-map'
  | 'manifest'
  | 'alertmanager'
  | 'other';

/**
 * Resources that hold rule groups for Loki in `spec.groups`: those of the Loki operator
 * (https://loki-operator.dev/docs/api.md/), and the one that Alloy's `loki.rules.kubernetes` takes
 * (https://grafana.com/docs/alloy/latest/reference/components/loki/loki.rules.kubernetes/).
 */
export const RULE_RESOURCES: Readonly<Record<string, readonly string[]>> = {
  'loki.grafana.com/v1': ['AlertingRule', 'RecordingRule'],
  'loki.grafana.com/v1beta1': ['AlertingRule', 'RecordingRule'],
  'monitoring.coreos.com/v1': ['PrometheusRule'],
};

/** Tells documents apart, so that a folder of mixed YAML can be read. */
export function documentKind(document: YamlDocument): DocumentKind {
  const { root } = document;
  if (root === null || (isScalar(root) && root.value === null)) return 'empty';
  if (!isMap(root)) return 'other';
  const [apiVersion, kind] = [textAt(root, 'apiVersion'), textAt(root, 'kind')];
  if (apiVersion !== undefined && kind !== undefined) {
    if (RULE_RESOURCES[apiVersion]?.includes(kind)) return 'resource';
    if (kind === 'ConfigMap' || kind === 'Secret') return 'config-map';
    return kind === 'List' && isSeq(root.get('items')) ? 'list' : 'manifest';
  }
  if (root.has('groups')) return 'rules';
  // The collector of OpenTelemetry has receivers too, but no list of them.
  return root.has('route') || isSeq(root.get('receivers')) ? 'alertmanager' : 'other';
}

/** The text at a path of keys, if there is one. */
export function textAt(node: Node | null, ...path: readonly string[]): string | undefined {
  const value = isMap(node) ? node.getIn(path) : undefined;
  return typeof value === 'string' ? value : undefined;
}
