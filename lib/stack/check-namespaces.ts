import type { Construct } from 'constructs';
import { type Finding, finding, isWithin, type Path } from '../checks/findings';
import { NamespacedChart } from '../kubernetes/namespaced-chart';
import type { Stack } from './resolve';

/**
 * Reports namespaces whose name is taken. Charts, and so the files in dist, are named after their namespace, so no
 * sibling may have the same name. Two stacks of an app cannot share a namespace, because their objects have the same
 * names.
 * @param known findings on the options; invalid namespaces are skipped
 */
export function checkNamespaces(scope: Construct, { namespaces }: Stack, known: readonly Finding[]): Finding[] {
  const charts = scope.node.root.node.findAll().filter((node) => node instanceof NamespacedChart);
  const taken = new Set(charts.map(({ namespace }) => namespace));
  return Object.entries(namespaces).flatMap(([part, namespace]) => {
    const option: Path = ['namespaces', part];
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
}
