import type { Finding } from '../findings';
import { type AlertRule, alertsOf, isAlert, type RuleFile } from '../rules/model';
import { placeOf } from '../rules/source';
import { aboutTenant } from '../rules/tenant';
import { TENANT_LABEL } from '../tenants';
import { isEmpty } from './check-empty-receivers';
import type { AlertmanagerConfig } from './config';
import { Report } from './report';
import { type Labels, type RouteNode, routeTree } from './routes';
import { messageTemplates, neededAnnotations, type TemplateFile } from './templates';

/** Labels by which alerts are handed to people. */
const ROUTING_LABELS = ['severity', 'team', TENANT_LABEL] as const;

export interface RoutesSource {
  /** The files that the config's `templates` names. @default none, the receivers' own texts only */
  readonly templates?: readonly TemplateFile[];
  /** Path of the config, for messages. @default it was read from none */
  readonly file?: string;
}

/**
 * Compares routes and messages with the alerts that will come: a severity, team or tenant that routes ask for, in none of them
 * with the value that an alert has; an annotation that a message shows and no alert sets.
 *
 * Labels that an alert gets from its expression are not known here and count as fitting.
 *
 * @throws Error naming the route, when a matcher is not valid: run `checkAlertmanagerConfig` first
 */
export function checkRoutesAgainstRules(
  config: AlertmanagerConfig,
  rules: readonly RuleFile[],
  { templates = [], file }: RoutesSource = {},
): Finding[] {
  const report = new Report(config);
  checkAnnotations([...messageTemplates(config), ...templates], rules, report);
  return [
    ...checkLabels(config, rules, file === undefined ? 'no route' : `no route of ${file}`),
    ...report.findings.map((finding) => ({ ...finding, file })),
  ];
}

function checkLabels(config: AlertmanagerConfig, rules: readonly RuleFile[], noRoute: string): Finding[] {
  const root = routeTree(config);
  const isDeaf = config.receivers.some((receiver) => receiver.name === root.receiver && isEmpty(receiver));
  const hearing = isDeaf
    ? `nobody hears of it, because '${root.receiver}' of the root is empty`
    : `only '${root.receiver}' of the root hears of it`;
  return placedAlerts(rules).flatMap(({ alert, place }) => {
    const labels = knownLabels(alert);
    const asked = ROUTING_LABELS.filter((label) => Object.hasOwn(labels, label) && asks(root, label));
    const [first] = asked;
    if (!first || root.routes.some((route) => takes(route, labels, root.receiver))) return [];
    const pairs = asked.map((label) => `${label}="${labels[label]}"`).join(', ');
    const finding: Finding = {
      id: 'route-catch-all-only',
      severity: 'warning',
      subject: `alert '${alert.alert}' in ${place}`,
      message: `${noRoute} takes ${pairs} to a receiver of its own, so ${hearing}: correct the labels, or add a route for them`,
      ...placeOf(alert, ['labels', first]),
    };
    return waived(alert, [aboutTenant(labels[TENANT_LABEL], finding)]);
  });
}

/** The alerts of rule files, and where in them each stands. */
function placedAlerts(files: readonly RuleFile[]): { readonly alert: AlertRule; readonly place: string }[] {
  return files.flatMap((file) =>
    file.groups.flatMap((group) =>
      group.rules.filter(isAlert).map((alert) => ({ alert, place: `group '${group.name}' of '${file.name}'` })),
    ),
  );
}

/** Rules can be checked without routes, so a waiver of this one check is judged here and not with the rules' own. */
function waived({ waive = [] }: AlertRule, findings: Finding[]): Finding[] {
  return findings.filter(({ id }) => !waive.some(({ check, reason }) => check === id && reason.trim() !== ''));
}

function checkAnnotations(templates: readonly TemplateFile[], rules: readonly RuleFile[], report: Report): void {
  const alerts = alertsOf(rules);
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
export function knownLabels({ alert, labels = {} }: AlertRule): Labels {
  const fixed = Object.entries(labels).filter(([, value]) => !value.includes('{{'));
  return { ...Object.fromEntries(fixed), alertname: alert };
}

/** Whether any route looks at the label at all. */
function asks(route: RouteNode, label: string): boolean {
  return route.matchers.some(({ name }) => name === label) || route.routes.some((child) => asks(child, label));
}

/**
 * Whether a route could take an alert with these labels, and any others: to another receiver than the root's, or because it
 * asks for one of them, with other times perhaps.
 */
function takes(route: RouteNode, labels: Labels, rootReceiver: string): boolean {
  const asked = route.matchers.filter(({ name }) => Object.hasOwn(labels, name));
  if (!asked.every(({ name, accepts }) => accepts(labels[name] as string))) return false;
  return (
    asked.length > 0 ||
    route.receiver !== rootReceiver ||
    route.routes.some((child) => takes(child, labels, rootReceiver))
  );
}
