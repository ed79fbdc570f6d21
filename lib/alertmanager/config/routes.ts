import { formatPath, type Path } from '../../checks/findings';
import { type CompiledMatcher, labelMatcher, parseMatchers } from '../matchers/matchers';
import type { AlertmanagerConfig, Duration, Route } from './config';
import { regexp } from './values';

/** The labels of an alert. */
export type Labels = Readonly<Record<string, string>>;

/** A route with its matchers compiled and its inherited values filled in. */
export interface RouteNode {
  /** `['route']`, `['route', 'routes', 0]`, … */
  readonly path: Path;
  readonly route: Route;
  readonly receiver: string;
  /** Labels by which alerts are grouped; `['...']` means all labels. */
  readonly groupBy: readonly string[];
  readonly groupWait: string;
  readonly groupInterval: string;
  readonly repeatInterval: string;
  /** The valid matchers. */
  readonly matchers: readonly CompiledMatcher[];
  /** Problem of the first invalid matcher. @default none */
  readonly unreadable?: string;
  readonly continue: boolean;
  readonly routes: readonly RouteNode[];
}

/** Times of a route. */
export interface RouteTimes {
  readonly groupWait: Duration;
  readonly groupInterval: Duration;
  readonly repeatInterval: Duration;
}

/**
 * Times of a root route that sets none. Upstream: `DefaultRouteOpts` in `dispatch/route.go`,
 * https://prometheus.io/docs/alerting/latest/configuration/#route
 */
export const DEFAULT_TIMES: RouteTimes = { groupWait: '30s', groupInterval: '5m', repeatInterval: '4h' };

/** Values that the root route inherits. */
const DEFAULTS = { receiver: '', groupBy: [], ...DEFAULT_TIMES };

/**
 * Returns the receivers of an alert with these labels, in order, as `amtool config routes test` prints them.
 *
 * @throws Error that names the route if a matcher is invalid
 * @example
 * const config = readAlertmanagerFile('alertmanager.yml');
 * console.log(resolveRoute(config, { alertname: 'PaymentErrors', severity: 'critical', team: 'payments' }));
 */
export function resolveRoute(config: AlertmanagerConfig, labels: Labels): string[] {
  return matchRoutes(routeTree(config), labels).map((node) => node.receiver);
}

/** Returns the routing tree of a config. @throws Error that names the route if a matcher is invalid */
export function routeTree(config: AlertmanagerConfig): RouteNode {
  const root = routesOf(config);
  const problem = firstMatcherProblem(root);
  if (problem !== undefined) throw new Error(problem);
  return root;
}

/** Returns the routing tree of a config, without invalid matchers. */
export function routesOf(config: AlertmanagerConfig): RouteNode {
  return routeNode(config.route, ['route'], DEFAULTS);
}

/** Returns the problem of the first invalid matcher in or below a route. */
export function firstMatcherProblem({ unreadable, routes }: RouteNode): string | undefined {
  return routes.reduce((first, route) => first ?? firstMatcherProblem(route), unreadable);
}

/**
 * Returns the routes that match an alert with these labels, in order: the deepest of each branch.
 *
 * Upstream: `Route.Match` in `dispatch/route.go`.
 */
export function matchRoutes(node: RouteNode, labels: Labels): RouteNode[] {
  if (!node.matchers.every(({ name, accepts }) => accepts(labelValue(labels, name)))) return [];
  const found: RouteNode[] = [];
  for (const child of node.routes) {
    const matches = matchRoutes(child, labels);
    found.push(...matches);
    if (matches.length > 0 && !child.continue) break;
  }
  return found.length > 0 ? found : [node];
}

function routeNode(
  route: Route,
  path: Path,
  parent: Pick<RouteNode, 'receiver' | 'groupBy' | 'groupWait' | 'groupInterval' | 'repeatInterval'>,
): RouteNode {
  const inherited = {
    receiver: route.receiver || parent.receiver,
    groupBy: route.group_by ?? parent.groupBy,
    groupWait: route.group_wait ?? parent.groupWait,
    groupInterval: route.group_interval ?? parent.groupInterval,
    repeatInterval: route.repeat_interval ?? parent.repeatInterval,
  };
  return {
    path,
    route,
    ...inherited,
    ...routeMatchers(route, path),
    continue: route.continue ?? false,
    routes: (route.routes ?? []).map((child, index) => routeNode(child, [...path, 'routes', index], inherited)),
  };
}

/** Returns the compiled matchers of a route, or of one side of an inhibition rule. */
export function routeMatchers(
  route: Pick<Route, 'match' | 'match_re' | 'matchers'>,
  path: Path,
): Pick<RouteNode, 'matchers' | 'unreadable'> {
  const { match = {}, match_re = {}, matchers = [] } = route;
  const read: ReadMatchers[] = [
    ...Object.entries(match).map(([name, value]) => ({ matchers: [labelMatcher({ name, operator: '=', value })] })),
    ...Object.entries(match_re).map(([name, value]) => {
      const problem = regexp.problem?.(value);
      if (problem !== undefined) return { problem: `${formatPath([...path, 'match_re', name])}: ${problem.problem}` };
      // Anchored twice, as upstream: when it is read and as a matcher.
      return { matchers: [labelMatcher({ name, operator: '=~', value: `^(?:${value})$` })] };
    }),
    ...matchers.map((line, index) => {
      const parsed = parseMatchers(line);
      if ('problem' in parsed) return { problem: `${formatPath([...path, 'matchers', index])}: ${parsed.problem}` };
      return { matchers: parsed.matchers };
    }),
  ];
  return {
    matchers: read.flatMap((each) => each.matchers ?? []),
    unreadable: read.find(({ problem }) => problem !== undefined)?.problem,
  };
}

interface ReadMatchers {
  readonly matchers?: readonly CompiledMatcher[];
  readonly problem?: string;
}

function labelValue(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}
