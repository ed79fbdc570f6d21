import type { Finding } from '../findings';
import type { AlertmanagerConfig } from './config';
import { type RouteNode, routeTree } from './routes';

/**
 * Routes that ask for a severity which no alert may have, a typing error most of the time: they never take an alert.
 *
 * @param severities all values that the label `severity` may have
 * @throws Error naming the route, when a matcher is not valid: run `checkAlertmanagerConfig` first
 */
export function checkRouteSeverities(config: AlertmanagerConfig, severities: readonly string[]): Finding[] {
  return nodes(routeTree(config)).flatMap(({ path, matchers }) =>
    matchers
      .filter(({ name, accepts }) => name === 'severity' && !severities.some((severity) => accepts(severity)))
      .map(
        ({ operator, value }): Finding => ({
          id: 'route-unknown-severity',
          severity: 'error',
          subject: path,
          message: `no alert has severity${operator}"${value}", so the route never takes one: write one of ${severities.join(', ')}, or add the value to the option 'severities'`,
        }),
      ),
  );
}

function nodes(node: RouteNode): RouteNode[] {
  return [node, ...node.routes.flatMap(nodes)];
}
