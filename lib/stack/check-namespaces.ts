import type { Construct } from 'constructs';
import { type Finding, finding, isWithin, type Path } from '../checks/findings';
import { NamespacedChart } from '../kubernetes/namespaced-chart';
import { rulesNamespace } from './external';
import type { Stack } from './resolve';

/**
 * Reports namespaces whose name is taken. Charts, and so the files in dist, are named after their namespace, so no
 * sibling may have the same name. Two stacks of an app cannot share a namespace, because their objects have the same
 * names.
 * @param known findings on the options; invalid namespaces are skipped
 */
export function checkNamespaces(scope: Construct, stack: Stack, known: readonly Finding[]): Finding[] {
  const { namespaces, collector } = stack;
  const charts = scope.node.root.node.findAll().filter((node) => node instanceof NamespacedChart);
  const taken = new Set(charts.map(({ namespace }) => namespace));
  const ofRules = rulesNamespace(stack);
  const isTaken =
    ofRules !== undefined && (scope.node.tryFindChild(ofRules) || Object.values(namespaces).includes(ofRules));
  const ofStack = Object.entries(namespaces).flatMap(([part, namespace]) => {
    const option: Path = ['namespaces', part];
    if (part === 'logCollector' && !collector.isDeployed) return [];
    if (known.some(({ path }) => isWithin(option, path))) return [];
    const wrong = taken.has(namespace)
      ? {
          problem: `"${namespace}" is also used by another LogAlerting in the app, whose objects have the same names`,
          fix: 'use different namespaces for each of them',
        }
      : scope.node.tryFindChild(namespace)
        ? {
            problem: `"${namespace}" is also the name of another construct, and a chart is named after its namespace`,
            fix: 'rename one of the two',
          }
        : undefined;
    return wrong ? [finding('option', { path: option, subject: `option 'namespaces.${part}'`, ...wrong })] : [];
  });
  if (!isTaken) return ofStack;
  const path: Path = ['loki', 'external', 'rules', 'namespace'];
  const problem = `"${ofRules}" is also the name of another chart or construct, and the rules are a chart of that name`;
  const fix = 'use another namespace, or add LokiRules to that chart instead';
  return [...ofStack, finding('option', { path, subject: `option '${path.join('.')}'`, problem, fix })];
}
