import type { Finding } from '../findings';
import { type AlertRule, isAlert, type RuleGroup } from '../rules/model';
import type { AlertmanagerConfig } from './config';
import { type Labels, type RouteNode, routeTree } from './routes';

/** Labels by which alerts are handed to people. */
const ROUTING_LABELS = ['severity', 'team'] as const;

/**
 * Compares routes with the alerts that will come: a severity or team that routes ask for, in none of them with the
 * value that an alert has, so that only the catch-all takes it.
 *
 * Labels that an alert gets from its expression are not known here and count as fitting.
 *
 * @throws Error naming the route, when a matcher is not valid: run `checkAlertmanagerConfig` first
 */
export function checkRoutesAgainstRules(config: AlertmanagerConfig, rules: readonly RuleGroup[]): Finding[] {
  const root = routeTree(config);
  const findings: Finding[] = [];
  for (const group of rules) {
    for (const alert of group.rules.filter(isAlert)) {
      const labels = knownLabels(alert);
      for (const label of ROUTING_LABELS) {
        const value = labels[label];
        if (value === undefined || !asks(root, label) || reaches(root, labels, label)) continue;
        findings.push({
          id: 'route-catch-all-only',
          severity: 'warning',
          subject: `alert '${alert.alert}' in group '${group.name}'`,
          message: `no route takes ${label}="${value}", so only the receiver '${root.receiver}' of the root hears of it: correct the label, or add a route with the matcher ${label}="${value}"`,
        });
      }
    }
  }
  return findings;
}

/** Labels whose value is written in the rule. Values with templates are only known when the alert fires. */
function knownLabels({ alert, labels = {} }: AlertRule): Labels {
  const fixed = Object.entries(labels).filter(([, value]) => !value.includes('{{'));
  return { ...Object.fromEntries(fixed), alertname: alert };
}

/** Whether any route looks at the label at all. */
function asks(route: RouteNode, label: string): boolean {
  return route.matchers.some(({ name }) => name === label) || route.routes.some((child) => asks(child, label));
}

/** Whether a route that looks at the label could take an alert with these labels. */
function reaches(route: RouteNode, labels: Labels, label: string): boolean {
  if (!route.matchers.every(({ name, accepts }) => !Object.hasOwn(labels, name) || accepts(labels[name] as string))) {
    return false;
  }
  return (
    route.matchers.some(({ name }) => name === label) || route.routes.some((child) => reaches(child, labels, label))
  );
}
