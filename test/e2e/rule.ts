import { configData, type Manifest } from '../../lib/kubernetes-objects/dist';
import { isAlert, type Rule, type RuleFile } from '../../lib/rules/model';
import { parsePlain } from '../../lib/yaml/plain';
import type { ExpectedMessage } from './message';

/** Labels of the flood's series. */
export interface FloodLabels {
  readonly namespace: string;
  readonly app: string;
}

/**
 * Returns the expected message of an alert in the manifests for a flood.
 * @throws if the manifests have no such alert
 */
export function expectedMessage(manifests: readonly Manifest[], alert: string, flooded: FloodLabels) {
  const files = Object.values(configData(manifests, 'loki-rules-')).map((text) => parsePlain(text) as RuleFile);
  const rules: Rule[] = files.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
  const rule = rules.filter(isAlert).find((candidate) => candidate.alert === alert);
  if (!rule) throw new Error(`no alert '${alert}' in the manifests`);
  const labels = { alertname: alert, ...flooded, ...rule.labels };
  return {
    title: fillIn(rule.annotations?.title ?? alert, labels),
    labels,
    receiver: 'warning-devops-slack',
    expr: rule.expr,
  } satisfies Omit<ExpectedMessage, 'state'>;
}

/** Replaces labels in the template of an annotation: `{{ $labels.app }}`. */
function fillIn(template: string, labels: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{ *\$labels\.(\w+) *\}\}/g, (_, name) => labels[name] ?? '');
}
