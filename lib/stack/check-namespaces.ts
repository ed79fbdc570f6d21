import type { Construct } from 'constructs';
import { type Finding, finding, isWithin, type Path } from '../checks/findings';
import { NamespacedChart } from '../kubernetes/namespaced-chart';
import type { Stack } from './resolve';

/**
 * Charts are named after their namespace, and so are the files in dist: no other construct beside them may be. Nor may
 * two stacks of an app share a namespace, wherever they hang: their objects have the same names.
 * @param known what is wrong with the options; a namespace that is not valid is not looked for
 */
export function checkNamespaces(scope: Construct, { namespaces }: Stack, known: readonly Finding[]): Finding[] {
  const charts = scope.node.root.node.findAll().filter((one) => one instanceof NamespacedChart);
  const taken = new Set(charts.map(({ namespace }) => namespace));
  return Object.entries(namespaces).flatMap(([part, namespace]) => {
    const option: Path = ['namespaces', part];
    if (known.some(({ path }) => isWithin(option, path))) return [];
    const wrong = taken.has(namespace)
      ? {
          problem: `"${namespace}" is also a namespace of another LogAlerting of the app, whose objects have the same names`,
          fix: 'use different namespaces for each',
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
