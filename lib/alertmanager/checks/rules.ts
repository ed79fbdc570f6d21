import { CHECKS, type CheckId } from '../../checks';
import { type Finding, finding, notWaived } from '../../checks/findings';
import { type AlertRule, alertsOf, isAlert, type RuleFile } from '../../rules/model';
import { placeOf } from '../../rules/source';
import { aboutTenant, TENANT_LABEL } from '../../rules/tenant';
import { templateWaiverComments, unusedWaiver, waiverProblem } from '../../rules/waiver';
import { sourceText } from '../../yaml/source';
import type { AlertmanagerConfig } from '../config/config';
import { ConfigFindings, type Positions, type Written, type Wrong } from '../config/config-findings';
import { type Labels, type RouteNode, routeTree } from '../config/routes';
import { messageTemplates, neededAnnotations, type TemplateFile } from '../templates';
import { isEmpty } from './empty-receivers';

/** Labels by which alerts are handed to people. */
const ROUTING_LABELS = ['severity', 'team', TENANT_LABEL] as const;

export interface RoutesSource {
  /** The files that the config's `templates` names. @default none, the receivers' own texts only */
  readonly templates?: readonly TemplateFile[];
  /** Where the config was read from. @default none, findings name the field only */
  readonly positions?: Positions;
  /** @default the config is as it was written */
  readonly written?: Written;
  /** Whether it is known where an alert goes: all matchers are valid. @default true */
  readonly routesReadable?: boolean;
  /** Returns findings that are waived too, with the reason. @default false */
  readonly keepWaived?: boolean;
}

/**
 * Compares routes and messages with the alerts that will come: a severity, team or tenant that routes ask for, in none of them
 * with the value that an alert has; an annotation that a message shows and no alert sets.
 *
 * Labels that an alert gets from its expression are not known here and count as fitting.
 *
 * @throws Error naming the route, when a matcher is not valid and the routes are said to be readable
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
    const asked = ROUTING_LABELS.filter((label) => Object.hasOwn(labels, label) && asks(root, label));
    const [first] = asked;
    if (!first || root.routes.some((route) => takes(route, labels, root.receiver))) return [];
    const pairs = asked.map((label) => `${label}="${labels[label]}"`).join(', ');
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

/** Rules can be checked without routes, so a waiver of this one check is judged here and not with the rules' own. */
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

/** Findings in a template file, and the waivers in it that have no effect. */
function inTemplateFile({ file, text }: TemplateFile, unset: readonly Wrong[]): Finding[] {
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

function unsetAnnotation(name: string): Wrong {
  return {
    problem: `shows the annotation "${name}", which no alert sets`,
    fix: `correct the name, add it to the alerts, or put it inside {{ with .Annotations.${name} }}`,
  };
}

/** Labels whose value is written in the rule. Values with templates are only known when the alert fires. */
export function knownLabels({ alert, labels = {} }: AlertRule): Labels {
  const fixed = Object.entries(labels).filter(([, value]) => !value.includes('{{'));
  return { ...Object.fromEntries(fixed), alertname: alert };
}

/** Returns whether any route matches by the label. */
function asks(route: RouteNode, label: string): boolean {
  return route.matchers.some(({ name }) => name === label) || route.routes.some((child) => asks(child, label));
}

/**
 * Returns whether a route could take an alert with these labels, and any others: to another receiver than the root's, or
 * because it matches by one of them, perhaps with other times.
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
