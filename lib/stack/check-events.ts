import { type Finding, finding } from '../checks/findings';
import { KUBERNETES_EVENTS } from '../collector/kubernetes-events/fields';
import { parseLogQL, sources } from '../logql';
import type { Rule, RuleFile } from '../rules/model';
import type { Stack } from './resolve';

/** Reports rules on Kubernetes events that are not collected. Another collector may send them to an external Loki. */
export function checkKubernetesEvents(
  { kubernetesEvents, externalLoki }: Stack,
  files: readonly RuleFile[],
): Finding[] {
  if (kubernetesEvents || externalLoki) return [];
  const rules = files.flatMap(({ groups }) => groups.flatMap((group) => group.rules)).filter(readsEvents);
  const [first, ...others] = rules.map((rule) => `'${'alert' in rule ? rule.alert : rule.record}'`);
  if (first === undefined) return [];
  const which = others.length === 0 ? `rule ${first}` : `rule ${first} and ${others.length} more`;
  const problem = `is not set, so there are no lines for ${which}`;
  return [
    finding('option', {
      path: ['kubernetesEvents'],
      subject: "option 'kubernetesEvents'",
      problem,
      fix: 'set kubernetesEvents: true, or remove the rules',
    }),
  ];
}

/** Returns whether an expression selects the stream of events. */
function readsEvents({ expr }: Rule): boolean {
  const parsed = parseLogQL(expr).expr;
  if (parsed === undefined) return false;
  const matchers = [...sources(parsed)].flatMap(({ selector }) => selector.matchers);
  return matchers.some(
    ({ name, operator, value }) => name === 'stream' && operator === '=' && value.value === KUBERNETES_EVENTS,
  );
}
