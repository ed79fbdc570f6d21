import type { AlertmanagerConfig, InhibitRule, Route } from '../alertmanager/config/config';
import { formatMatcher } from '../alertmanager/matchers/matchers';

/** Replaces the deprecated `match` and `match_re` by matchers. Alerts go to the same receivers as before. */
export function withMatchers(config: AlertmanagerConfig): AlertmanagerConfig {
  const { route, inhibit_rules } = config;
  return {
    ...config,
    route: { ...route, ...(route.routes ? { routes: route.routes.map(routeWithMatchers) } : {}) },
    ...(inhibit_rules ? { inhibit_rules: inhibit_rules.map(inhibitRuleWithMatchers) } : {}),
  };
}

/** Returns whether any route or inhibition rule has `match` or `match_re`. */
export function hasOldMatches({ route, inhibit_rules = [] }: AlertmanagerConfig): boolean {
  const inRoute = ({ match, match_re, routes = [] }: Route): boolean => !!(match ?? match_re) || routes.some(inRoute);
  return (
    inRoute(route) ||
    inhibit_rules.some((rule) =>
      ['source_match', 'source_match_re', 'target_match', 'target_match_re'].some((field) => field in rule),
    )
  );
}

type OldMatches = Readonly<Record<string, string>> | undefined;

function matchers(match: OldMatches, regexps: OldMatches, given: readonly string[] = []): string[] {
  return [
    ...Object.entries(match ?? {}).map(([name, value]) => formatMatcher({ name, operator: '=', value })),
    ...Object.entries(regexps ?? {}).map(([name, value]) => formatMatcher({ name, operator: '=~', value })),
    ...given,
  ];
}

function routeWithMatchers({ match, match_re, matchers: given, routes, ...route }: Route): Route {
  const all = matchers(match, match_re, given);
  return {
    ...(all.length > 0 ? { matchers: all } : {}),
    ...route,
    ...(routes ? { routes: routes.map(routeWithMatchers) } : {}),
  };
}

function inhibitRuleWithMatchers(rule: InhibitRule): InhibitRule {
  const { source_match, source_match_re, source_matchers, target_match, target_match_re, target_matchers, ...rest } =
    rule;
  return {
    source_matchers: matchers(source_match, source_match_re, source_matchers),
    target_matchers: matchers(target_match, target_match_re, target_matchers),
    ...rest,
  };
}
