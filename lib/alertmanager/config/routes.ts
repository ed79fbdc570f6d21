import { formatPath, type Path } from '../../checks/findings';
import { type LabelMatcher, labelMatcher, parseMatchers } from '../matchers/matchers';
import type { AlertmanagerConfig, Route } from './config';
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
  readonly matchers: readonly LabelMatcher[];
  readonly continue: boolean;
  readonly routes: readonly RouteNode[];
}

/** Upstream: `DefaultRouteOpts` in `dispatch/route.go`, https://prometheus.io/docs/alerting/latest/configuration/#route */
export const DEFAULT_TIMES = { groupWait: '30s', groupInterval: '5m', repeatInterval: '4h' };

/** What a route without a parent inherits. */
const DEFAULTS = { receiver: '', groupBy: [], ...DEFAULT_TIMES };

/**
 * The receivers that an alert with these labels goes to, in order: what `amtool config routes test` prints.
 *
 * @throws Error naming the route, when a matcher is not valid
 */
export function resolveRoute(config: AlertmanagerConfig, labels: Labels): string[] {
  return matchRoutes(routeTree(config), labels).map((node) => node.receiver);
}

/** The routing tree of a config, to be asked often. @throws Error naming the route, when a matcher is not valid */
export function routeTree(config: AlertmanagerConfig): RouteNode {
  return routeNode(config.route, ['route'], DEFAULTS);
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
    matchers: routeMatchers(route, path),
    continue: route.continue ?? false,
    routes: (route.routes ?? []).map((child, index) => routeNode(child, [...path, 'routes', index], inherited)),
  };
}

function routeMatchers(route: Route, path: Path): LabelMatcher[] {
  const { match = {}, match_re = {}, matchers = [] } = route;
  return [
    ...Object.entries(match).map(([name, value]) => labelMatcher({ name, operator: '=', value })),
    ...Object.entries(match_re).map(([name, value]) => {
      const problem = regexp.problem?.(value);
      if (problem !== undefined) throw new Error(`${formatPath([...path, 'match_re', name])}: ${problem.problem}`);
      // As upstream: anchored when it is read, and once more as a matcher.
      return labelMatcher({ name, operator: '=~', value: `^(?:${value})$` });
    }),
    ...matchers.flatMap((line, index) => {
      const parsed = parseMatchers(line);
      if ('problem' in parsed) throw new Error(`${formatPath([...path, 'matchers', index])}: ${parsed.problem}`);
      return parsed.matchers;
    }),
  ];
}

function labelValue(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}
