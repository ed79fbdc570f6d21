import type { Finding } from '../findings';
import { type AlertRule, isAlert, type RuleGroup } from '../rules/model';
import { placeOf } from '../rules/source';
import type { AlertmanagerConfig } from './config';
import { Report } from './report';
import { type Labels, type RouteNode, routeTree } from './routes';
import { messageTemplates, neededAnnotations, type TemplateFile } from './templates';

/** Labels by which alerts are handed to people. */
const ROUTING_LABELS = ['severity', 'team'] as const;

/**
 * Compares routes and messages with the alerts that will come: a severity or team that routes ask for, in none of them
 * with the value that an alert has; an annotation that a message shows and no alert sets.
 *
 * Labels that an alert gets from its expression are not known here and count as fitting.
 *
 * @param templates the files that the config's `templates` names @default none, the receivers' own texts only
 * @throws Error naming the route, when a matcher is not valid: run `checkAlertmanagerConfig` first
 */
export function checkRoutesAgainstRules(
  config: AlertmanagerConfig,
  rules: readonly RuleGroup[],
  templates: readonly TemplateFile[] = [],
): Finding[] {
  const report = new Report(config);
  checkAnnotations([...messageTemplates(config), ...templates], rules, report);
  return [...checkLabels(config, rules), ...report.findings];
}

function checkLabels(config: AlertmanagerConfig, rules: readonly RuleGroup[]): Finding[] {
  const root = routeTree(config);
  return rules.flatMap((group) =>
    group.rules.filter(isAlert).flatMap((alert) => {
      const labels = knownLabels(alert);
      const asked = ROUTING_LABELS.filter((label) => Object.hasOwn(labels, label) && asks(root, label));
      const [first] = asked;
      if (!first || leavesRoot(root, labels, root.receiver)) return [];
      const pairs = asked.map((label) => `${label}="${labels[label]}"`).join(', ');
      const finding: Finding = {
        id: 'route-catch-all-only',
        severity: 'warning',
        subject: `alert '${alert.alert}' in group '${group.name}'`,
        message: `no route takes ${pairs} to a receiver of its own, so only '${root.receiver}' of the root hears of it: correct the labels, or add a route for them`,
        ...placeOf(alert, ['labels', first]),
      };
      return waived(alert, [finding]);
    }),
  );
}

/** Rules can be checked without routes, so a waiver of this one check is judged here and not with the rules' own. */
function waived({ waive = [] }: AlertRule, findings: Finding[]): Finding[] {
  return findings.filter(({ id }) => !waive.some(({ check, reason }) => check === id && reason.trim() !== ''));
}

function checkAnnotations(templates: readonly TemplateFile[], rules: readonly RuleGroup[], report: Report): void {
  const alerts = rules.flatMap((group) => group.rules.filter(isAlert));
  if (alerts.length === 0) return;
  const set = new Set(alerts.flatMap(({ annotations = {} }) => Object.keys(annotations)));
  for (const { file, text } of templates) {
    for (const name of [...neededAnnotations(text)].filter((each) => !set.has(each))) {
      const message = `shows the annotation '${name}', which no alert sets, so there would be nothing: correct its spelling, add it to the alerts, or put it within {{ with .Annotations.${name} }}`;
      report.warning('template-unset-annotation', file, message);
    }
  }
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

/** Whether an alert with these labels, and any others, could go to another receiver than the root's. */
function leavesRoot(route: RouteNode, labels: Labels, receiver: string): boolean {
  if (!route.matchers.every(({ name, accepts }) => !Object.hasOwn(labels, name) || accepts(labels[name] as string))) {
    return false;
  }
  return route.receiver !== receiver || route.routes.some((child) => leavesRoot(child, labels, receiver));
}
