import { formatPath, type Path } from '../../checks/findings';
import { type LabelMatcher, labelMatcher, parseMatchers } from '../matchers/matchers';
import type { AlertmanagerConfig, Duration, Route } from './config';
import { regexp } from './values';

/** The labels of an alert. */
export type Labels = Readonly<Record<string, string>>;

/** A route as it works: its matchers compiled, what it inherits filled in. */
export interface RouteNode {
  /** `['route']`, `['route', 'routes', 0]`, … */
  readonly path: Path;
  readonly route: Route;
  readonly receiver: string;
  /** Labels by which alerts are joined; `['...']` means all of them. */
  readonly groupBy: readonly string[];
  readonly groupWait: string;
  readonly groupInterval: string;
  readonly repeatInterval: string;
  /** Those that are valid. */
  readonly matchers: readonly LabelMatcher[];
  /** What is wrong with the first of the others. */
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

/** Upstream: `DefaultRouteOpts` in `dispatch/route.go`, https://prometheus.io/docs/alerting/latest/configuration/#route */
export const DEFAULT_TIMES: RouteTimes = { groupWait: '30s', groupInterval: '5m', repeatInterval: '4h' };

/** What a route without a parent inherits. */
const DEFAULTS = { receiver: '', groupBy: [], ...DEFAULT_TIMES };

/**
 * Returns the receivers that an alert with these labels goes to, in order: what `amtool config routes test` prints.
 *
 * @throws Error naming the route, when a matcher is not valid
 * @example
 * const config = readAlertmanagerFile('alertmanager.yml');
 * console.log(resolveRoute(config, { alertname: 'PaymentErrors', severity: 'critical', team: 'payments' }));
 */
export function resolveRoute(config: AlertmanagerConfig, labels: Labels): string[] {
  return matchRoutes(routeTree(config), labels).map((node) => node.receiver);
}

/** The routing tree of a config, to be asked often. @throws Error naming the route, when a matcher is not valid */
export function routeTree(config: AlertmanagerConfig): RouteNode {
  const root = routesOf(config);
  const problem = unreadableRoute(root);
  if (problem !== undefined) throw new Error(problem);
  return root;
}

/** The same with the matchers that are valid. */
export function routesOf(config: AlertmanagerConfig): RouteNode {
  return routeNode(config.route, ['route'], DEFAULTS);
}

/** Returns what is wrong with the first matcher that is not valid, in or below a route. */
export function unreadableRoute({ unreadable, routes }: RouteNode): string | undefined {
  return routes.reduce((first, route) => first ?? unreadableRoute(route), unreadable);
}

/**
 * The routes that take an alert with these labels, in order: per branch the deepest that match.
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

function routeMatchers(route: Route, path: Path): Pick<RouteNode, 'matchers' | 'unreadable'> {
  const { match = {}, match_re = {}, matchers = [] } = route;
  const read: ReadMatchers[] = [
    ...Object.entries(match).map(([name, value]) => ({ matchers: [labelMatcher({ name, operator: '=', value })] })),
    ...Object.entries(match_re).map(([name, value]) => {
      const problem = regexp.problem?.(value);
      if (problem !== undefined) return { problem: `${formatPath([...path, 'match_re', name])}: ${problem.problem}` };
      // As upstream: anchored when it is read, and once more as a matcher.
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
  readonly matchers?: readonly LabelMatcher[];
  readonly problem?: string;
}

function labelValue(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}
