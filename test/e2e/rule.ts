import { configData, type Manifest } from '../../lib/kubernetes-objects/dist';
import { isAlert, type Rule, type RuleFile } from '../../lib/rules/model';
import { parsePlain } from '../../lib/yaml/plain';
import type { ExpectedMessage } from './message';

/** Labels of the series that the flood makes. */
export interface FloodLabels {
  readonly namespace: string;
  readonly app: string;
}

/**
 * The message about a flood that an alert of the manifests must lead to.
 * @throws if the manifests hold no such alert
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

/** A template of an annotation with its labels filled in: `{{ $labels.app }}`. */
function fillIn(template: string, labels: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{ *\$labels\.(\w+) *\}\}/g, (_, name) => labels[name] ?? '');
}
