import type { Finding } from '../../checks/findings';
import type { AlertmanagerConfig } from '../config/config';
import { ConfigFindings, type Positions, type Written } from '../config/config-findings';
import { type RouteNode, routesOf } from '../config/routes';

/**
 * Reports routes for a severity that no alert can have, usually a typo.
 *
 * @param severities all values that the label `severity` may have
 */
export function checkRouteSeverities(
  config: AlertmanagerConfig,
  severities: readonly string[],
  { positions, written }: { readonly positions?: Positions; readonly written?: Written } = {},
): Finding[] {
  const report = new ConfigFindings(config, positions, written);
  for (const { path, matchers } of nodes(routesOf(config))) {
    for (const { name, operator, value, accepts } of matchers) {
      if (name !== 'severity' || severities.some((severity) => accepts(severity))) continue;
      report.add('route-unknown-severity', path, {
        problem: `receives no alert: no alert has severity${operator}"${value}"`,
        fix: `use one of ${severities.join(', ')}, or add the value to the known severities`,
      });
    }
  }
  return report.findings;
}

function nodes(node: RouteNode): RouteNode[] {
  return [node, ...node.routes.flatMap(nodes)];
}
