import { CHECKS, type CheckId } from '../../checks';
import type { Diagnosis } from '../../checks/findings';
import { type Finding, finding, notWaived } from '../../checks/findings';
import { type AlertRule, alertsOf, isAlert, type RuleFile } from '../../rules/model';
import { placeOf } from '../../rules/source';
import { aboutTenant, TENANT_LABEL } from '../../rules/tenant';
import { templateWaiverComments, unusedWaiver, waiverProblem } from '../../rules/waiver';
import { sourceText } from '../../yaml/source';
import type { AlertmanagerConfig } from '../config/config';
import { ConfigFindings, type Positions, type Written } from '../config/config-findings';
import { type Labels, type RouteNode, routeTree } from '../config/routes';
import { messageTemplates, neededAnnotations, type TemplateFile } from '../templates';
import { isEmpty } from './empty-receivers';

/** Labels that routes usually match. */
const ROUTING_LABELS = ['severity', 'team', TENANT_LABEL] as const;

export interface RoutesSource {
  /** Files that the config's `templates` names. @default none, only the texts of receivers */
  readonly templates?: readonly TemplateFile[];
  /** Places in the file that the config was read from. @default none, findings only name the field */
  readonly positions?: Positions;
  /** Paths as the author of the config wrote them. @default those of the config */
  readonly written?: Written;
  /** False if a matcher is invalid, so that the receivers of an alert are unknown. @default true */
  readonly routesReadable?: boolean;
  /** Includes waived findings, with the reason. @default false */
  readonly keepWaived?: boolean;
}

/**
 * Compares routes and messages with the rules. Reports alerts whose severity, team or tenant no route matches, although
 * routes match that label, and annotations that a message shows and no alert sets.
 *
 * Labels from an alert's expression are unknown and count as matching.
 *
 * @throws Error that names the route if a matcher is invalid and `routesReadable` is true
 */
export function checkRoutesAgainstRules(
  config: AlertmanagerConfig,
  rules: readonly RuleFile[],
  { templates = [], positions, written, routesReadable = true, keepWaived }: RoutesSource = {},
): Finding[] {
  const report = new ConfigFindings(config, positions, written);
  const inFiles = checkAnnotations(config, templates, rules, report);
  const noRoute = positions === undefined ? 'no route' : `no route of ${positions.file}`;
  const findings = [...(routesReadable ? checkLabels(config, rules, noRoute) : []), ...report.findings, ...inFiles];
  return keepWaived ? findings : notWaived(findings);
}

function checkLabels(config: AlertmanagerConfig, rules: readonly RuleFile[], noRoute: string): Finding[] {
  const root = routeTree(config);
  const isNull = config.receivers.some((receiver) => receiver.name === root.receiver && isEmpty(receiver));
  const effect = isNull
    ? `falls through to the root receiver '${root.receiver}', which has no integration`
    : `falls through to the root receiver '${root.receiver}'`;
  return placedAlerts(rules).flatMap(({ alert, path, group }) => {
    const labels = knownLabels(alert);
    const matched = ROUTING_LABELS.filter((label) => Object.hasOwn(labels, label) && hasMatcher(root, label));
    const [first] = matched;
    if (!first || root.routes.some((route) => couldMatch(route, labels, root.receiver))) return [];
    const pairs = matched.map((label) => `${label}="${labels[label]}"`).join(', ');
    const found = finding('route-catch-all-only', {
      path,
      subject: `alert '${alert.alert}' in ${group}`,
      problem: `${noRoute} matches ${pairs}, so it ${effect}`,
      fix: 'correct the labels, or add a route for them',
      place: placeOf(alert, ['labels', first]),
    });
    return [waived(alert, aboutTenant(labels[TENANT_LABEL], found))];
  });
}

/** The alerts of rule files, with their groups and their paths in the file. */
function placedAlerts(files: readonly RuleFile[]) {
  return files.flatMap((file) =>
    file.groups.flatMap((group, g) =>
      group.rules.flatMap((alert, r) =>
        isAlert(alert)
          ? [{ alert, path: ['groups', g, 'rules', r], group: `group '${group.name}' of '${file.name}'` }]
          : [],
      ),
    ),
  );
}

/** Rules are also checked without routes, so waivers of this one check are applied here. */
function waived({ waive = [] }: AlertRule, found: Finding): Finding {
  const waiver = waive.find((each) => each.check === found.id && !waiverProblem(each, 'rule'));
  return waiver ? { ...found, waived: waiver.reason } : found;
}

function checkAnnotations(
  config: AlertmanagerConfig,
  files: readonly TemplateFile[],
  rules: readonly RuleFile[],
  report: ConfigFindings,
): Finding[] {
  const alerts = alertsOf(rules);
  if (alerts.length === 0) return [];
  const set = new Set(alerts.flatMap(({ annotations = {} }) => Object.keys(annotations)));
  const unset = (text: string) => [...neededAnnotations(text)].filter((name) => !set.has(name)).map(unsetAnnotation);
  for (const { path, text } of messageTemplates(config)) {
    for (const wrong of unset(text)) report.add('template-unset-annotation', path, wrong);
  }
  report.addUnusedWaivers(needsRules);
  return files.flatMap((file) => inTemplateFile(file, unset(file.text)));
}

function needsRules(id: CheckId): boolean {
  return CHECKS[id].needs === 'rules';
}

/** Findings in a template file, and its waivers that have no effect. */
function inTemplateFile({ file, text }: TemplateFile, unset: readonly Diagnosis[]): Finding[] {
  const id = 'template-unset-annotation';
  const comments = templateWaiverComments(text);
  const comment = comments.find(
    ({ waiver }) => waiver && waiver.check === id && !waiverProblem(waiver, 'template file'),
  );
  const findings = unset.map((wrong) =>
    finding(id, { ...wrong, place: { file }, ...(comment?.waiver && { waived: comment.waiver.reason }) }),
  );
  if (!comment || findings.length > 0) return findings;
  return [finding('waiver-unused', { ...unusedWaiver(id), place: sourceText(file, text).placeAt(comment.offset) })];
}

function unsetAnnotation(name: string): Diagnosis {
  return {
    problem: `shows the annotation "${name}", which no alert sets`,
    fix: `correct the name, add it to the alerts, or put it inside {{ with .Annotations.${name} }}`,
  };
}

/** Returns the labels with fixed values. Those with templates are only known when the alert fires. */
export function knownLabels({ alert, labels = {} }: AlertRule): Labels {
  const fixed = Object.entries(labels).filter(([, value]) => !value.includes('{{'));
  return { ...Object.fromEntries(fixed), alertname: alert };
}

/** Returns whether any route has a matcher for the label. */
function hasMatcher(route: RouteNode, label: string): boolean {
  return route.matchers.some(({ name }) => name === label) || route.routes.some((child) => hasMatcher(child, label));
}

/**
 * Returns whether a route could match an alert with these labels and any others, and treat it differently from the
 * root: with another receiver, or with a matcher for one of the labels and perhaps other times.
 */
function couldMatch(route: RouteNode, labels: Labels, rootReceiver: string): boolean {
  const known = route.matchers.filter(({ name }) => Object.hasOwn(labels, name));
  if (!known.every(({ name, accepts }) => accepts(labels[name] as string))) return false;
  return (
    known.length > 0 ||
    route.receiver !== rootReceiver ||
    route.routes.some((child) => couldMatch(child, labels, rootReceiver))
  );
}
