import * as v from 'valibot';
import { checkAlertmanagerConfig } from '../alertmanager/checks/check-config';
import { isEmpty } from '../alertmanager/checks/empty-receivers';
import { checkRoutesAgainstRules, knownLabels } from '../alertmanager/checks/rules';
import { checkRouteSeverities } from '../alertmanager/checks/severities';
import { checkTemplateFiles } from '../alertmanager/checks/template-files';
import { checkTemplateNames } from '../alertmanager/checks/template-names';
import type { AlertmanagerConfig } from '../alertmanager/config/config';
import { checkEventFiles } from '../alertmanager/config/event-recorder';
import { matchRoutes, routeTree } from '../alertmanager/config/routes';
import { besideHeartbeat, WATCHDOG } from '../alertmanager/heartbeat';
import { checkSecretFiles } from '../alertmanager/mounted-secrets';
import { SLACK_TEMPLATE, SLACK_TEMPLATES, withSlackTemplate } from '../alertmanager/slack';
import type { TemplateFile } from '../alertmanager/templates';
import { type Finding, finding } from '../checks/findings';
import { COLLECTOR_LABELS } from '../collector/labels';
import { templateNames } from '../go-template';
import type { CheckOptions } from '../rules/check-options';
import { checkRuleFiles } from '../rules/check-rules';
import { type AlertRule, alertsOf, type RuleFile } from '../rules/model';
import { aboutTenant, tenantRules } from '../rules/tenant';
import { type AlertmanagerVersion, DEFAULT_ALERTMANAGER, versionOf } from '../versions/alertmanager';
import { evaluationInterval } from './profiles';
import type { LogAlertingProps } from './props';
import { type RoutingProps, stackAlertmanagerConfig } from './routing';
import { ruleFiles } from './rule-files-schema';
import { checkLogAlertingOptions } from './validate-props';

/** Severities as most teams use them. */
export const SEVERITIES: readonly string[] = ['info', 'warning', 'critical'];

/** Errors in spite of which it can be said where an alert would go. */
const LEAVES_ROUTES_READABLE = new Set(['alertmanager-duplicate-name', 'route-undefined-receiver', 'inline-secret']);

/** Stands for Slack where the options that name it are themselves wrong, so that the routes can still be checked. */
const ANY_SLACK = { webhookUrl: 'http://slack-inbox' };

/** The same for the heartbeat's service. */
const ANY_HEARTBEAT = { webhookUrl: 'http://heartbeat' };

/** A tenant whose rules can be looked into. */
const WITH_RULES = v.looseObject({ rules: ruleFiles });

/**
 * All that is wrong with the product's options, rules and routes. Rules and routes are looked into as soon as they have
 * the right shape, whatever is wrong elsewhere.
 */
export function checkLogAlerting(props: LogAlertingProps): Finding[] {
  const options = checkLogAlertingOptions(props);
  if (options.some(({ path }) => path.length === 0)) return options;
  const broken = (name: keyof LogAlertingProps) => options.some(({ path }) => path[0] === name);
  const severities = broken('severities') ? SEVERITIES : (props.severities ?? SEVERITIES);
  const tenants = Object.entries(props.tenants ?? {}).filter(([, tenant]) => v.is(WITH_RULES, tenant));
  const own = broken('rules') ? [] : props.rules;
  const all = [...own, ...tenants.flatMap(([id, tenant]) => tenantRules(id, tenant))];
  const ruleOptions: CheckOptions = {
    evaluationInterval: evaluationInterval(broken('loki') ? { profile: props.profile } : props),
    severities,
    collectorLabels: COLLECTOR_LABELS,
    namespacedJobs: true,
    asConfigMaps: true,
    remoteWrite: false,
  };
  const heartbeat = props.heartbeat && {
    ...ANY_HEARTBEAT,
    interval: broken('heartbeat') ? undefined : props.heartbeat.interval,
  };
  const version = (broken('images') ? undefined : versionOf(props.images?.alertmanager ?? '')) ?? DEFAULT_ALERTMANAGER;
  const routing = { ...props.routing, slack: ANY_SLACK, heartbeat, profile: props.profile };
  return [
    ...options,
    // Each tenant's by themselves: two tenants may well have the same rule.
    ...checkRules(own, ruleOptions),
    ...tenants.flatMap(([id, { rules }]) => checkRules(rules, ruleOptions).map((found) => aboutTenant(id, found))),
    // A tenant's rules do not see the canary, whose lines are the stack's own.
    ...(broken('rules') || broken('heartbeat') ? [] : checkHeartbeat(own, props.heartbeat !== undefined)),
    ...(broken('routing') ? [] : checkRouting(routing, all, severities, version)),
    ...(broken('routing') || broken('alertmanager') || broken('slack') || broken('heartbeat')
      ? []
      : checkSecretFiles(stackAlertmanagerConfig(routing), props.alertmanager?.secrets ?? [], ownSecrets(props))),
  ];
}

/**
 * As for any rule file, but two alerts of one name are an error: here one of them is a slip, and a pair that is meant
 * (a warning and a critical one, say) can be waived with that reason.
 */
function checkRules(rules: readonly RuleFile[], options: CheckOptions): Finding[] {
  return checkRuleFiles(rules, options).map((found) =>
    found.id === 'alert-name-repeated' ? { ...found, severity: 'error' } : found,
  );
}

/** Secrets that are mounted because other options than `alertmanager.secrets` name them. */
export function ownSecrets({ slack, heartbeat }: Pick<LogAlertingProps, 'slack' | 'heartbeat'>): string[] {
  return [slack?.webhookSecret, heartbeat?.webhookSecret].filter((name) => name !== undefined);
}

const HEARTBEAT = { path: ['heartbeat'], subject: "option 'heartbeat'" };

/** The service is called by the alert that always fires, or not at all. */
function checkHeartbeat(rules: readonly RuleFile[], heartbeat: boolean): Finding[] {
  if (!heartbeat || watchdogs(rules).length > 0) return [];
  const problem = `is never called, because none of the stack's own rules is the alert "${WATCHDOG}"`;
  return [finding('option', { ...HEARTBEAT, problem, fix: 'add watchdog(links) of rules/watchdog.ts to rules' })];
}

/** Nobody wants to receive it, unless there is a route for it, as that of the heartbeat. */
function checkWatchdog(config: AlertmanagerConfig, rules: readonly RuleFile[]): Finding[] {
  const root = routeTree(config);
  const [people] = watchdogs(rules)
    .flatMap((alert) => matchRoutes(root, knownLabels(alert)))
    .filter(({ matchers }) => !matchers.some(({ name, accepts }) => name === 'alertname' && !accepts('')))
    .filter(({ receiver }) => !config.receivers.some((each) => each.name === receiver && isEmpty(each)));
  if (!people) return [];
  const problem = `is missing, so the alert "${WATCHDOG}", which always fires, notifies "${people.receiver}"`;
  const fix = `set heartbeat: { webhookSecret }, add a route for alertname="${WATCHDOG}", or remove the rule`;
  return [finding('option', { ...HEARTBEAT, problem, fix })];
}

function watchdogs(rules: readonly RuleFile[]): AlertRule[] {
  return alertsOf(rules).filter(({ alert }) => alert === WATCHDOG);
}

function checkRouting(
  routing: RoutingProps,
  rules: readonly RuleFile[],
  severities: readonly string[],
  alertmanagerVersion: AlertmanagerVersion,
): Finding[] {
  const config = stackAlertmanagerConfig(routing);
  const ownTree = routing.config === undefined;
  const written = routing.heartbeat ? besideHeartbeat : undefined;
  const findings = checkAlertmanagerConfig(config, undefined, {
    hasGlobal: !ownTree,
    alertmanagerVersion,
    written,
  });
  // What is wrong with types or matchers is said by then, and the routes can't be followed.
  if (findings.some(({ id, severity }) => severity === 'error' && !LEAVES_ROUTES_READABLE.has(id))) return findings;
  const templates = Object.entries(withSlackTemplate(routing.templates)).map(([file, text]) => ({ file, text }));
  return [
    ...findings,
    ...checkEventFiles(config),
    ...checkTemplateFiles(templates, alertmanagerVersion),
    ...checkCalledTemplates(config, templates, ownTree, alertmanagerVersion),
    ...checkWatchdog(config, rules),
    ...checkRouteSeverities(config, severities, written),
    ...checkRoutesAgainstRules(config, rules, { templates, written }),
  ];
}

/** @param ownTree whether the stack's own receivers are there, which call the stack's own templates */
function checkCalledTemplates(
  config: AlertmanagerConfig,
  files: readonly TemplateFile[],
  ownTree: boolean,
  version: AlertmanagerVersion,
): Finding[] {
  const defined = files.flatMap(({ text }) => templateNames(text).defined);
  const lost = SLACK_TEMPLATES.filter((name) => ownTree && !defined.includes(name));
  if (lost.length === 0) return checkTemplateNames(config, files, undefined, version);
  const names = (all: readonly string[]) => all.map((name) => `"${name}"`).join(' and ');
  const problem = `replaces ${SLACK_TEMPLATE.file} of the stack without ${names(lost)}, so its receivers cannot send notifications`;
  const fix = `use another file name, or define ${names(SLACK_TEMPLATES)}`;
  return [
    finding('option', { path: ['routing', 'templates'], subject: "option 'routing.templates'", problem, fix }),
    ...checkTemplateNames(config, [...files, SLACK_TEMPLATE], undefined, version),
  ];
}
