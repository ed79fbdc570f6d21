import { checkedConfig } from '../alertmanager/checks/check-config';
import { isEmpty } from '../alertmanager/checks/empty-receivers';
import { checkRoutesAgainstRules, knownLabels } from '../alertmanager/checks/rules';
import { checkRouteSeverities } from '../alertmanager/checks/severities';
import { checkTemplateExecution } from '../alertmanager/checks/template-execution';
import { checkTemplateFiles } from '../alertmanager/checks/template-files';
import { checkTemplateNames, type TemplatesProps } from '../alertmanager/checks/template-names';
import type { AlertmanagerConfig } from '../alertmanager/config/config';
import { type Positions, positionsOf, type Written } from '../alertmanager/config/config-findings';
import { checkEventFiles } from '../alertmanager/config/event-recorder';
import { matchRoutes, routeTree } from '../alertmanager/config/routes';
import { WATCHDOG } from '../alertmanager/heartbeat';
import { SLACK_TEMPLATE, slackTemplates } from '../alertmanager/slack';
import { type Finding, finding, notWaived } from '../checks/findings';
import { templateNames } from '../go-template';
import { alertsOf, type RuleFile } from '../rules/model';
import type { Stack } from './resolve';
import { writtenBy } from './routing';

/** Checks Alertmanager's config and templates, by themselves and against the rules. */
export function checkRouting({ alertmanager, severities }: Stack, rules: readonly RuleFile[]): Finding[] {
  const { config, version, ownTree } = alertmanager;
  const written = writtenBy(alertmanager.origins);
  const positions = positionsIn(config, written);
  const templates = Object.entries(alertmanager.templates).map(([file, text]) => ({ file, text }));
  const { findings, typed, routesReadable } = checkedConfig(config, {
    hasGlobal: !ownTree,
    alertmanagerVersion: version,
    positions,
    written,
  });
  const messages = typed && { config: typed, files: templates, positions, written, version };
  return [
    ...findings,
    ...(typed ? checkEventFiles(typed, written) : []),
    ...checkTemplateFiles(templates, version),
    ...(messages ? checkCalledTemplates(messages, ownTree) : []),
    ...(messages ? checkTemplateExecution(messages) : []),
    ...(typed && routesReadable && !alertmanager.heartbeat ? checkWatchdog(typed, rules) : []),
    ...(typed ? notWaived(checkRouteSeverities(typed, severities, { positions, written })) : []),
    ...(typed ? checkRoutesAgainstRules(typed, rules, { templates, positions, written, routesReadable }) : []),
  ];
}

/** Places of the parts of the stack's config that are from a file. */
function positionsIn(config: AlertmanagerConfig, written: Written): Positions | undefined {
  const read = positionsOf(config);
  const place: Positions['place'] = (path, part) => {
    const [, option, ...inFile] = written(path).path;
    return option === 'config' ? read?.place(inFile, part) : undefined;
  };
  return read && { file: read.file, place };
}

const HEARTBEAT = { path: ['heartbeat'], subject: "option 'heartbeat'" };

/** Reports a heartbeat that no alert of the stack's own rules calls. Rules of tenants do not see the canary's lines. */
export function checkHeartbeat({ alertmanager, rules }: Stack): Finding[] {
  if (!alertmanager.heartbeat || watchdogs(rules).length > 0) return [];
  const problem = `is never called, because none of the stack's own rules is the alert "${WATCHDOG}"`;
  return [finding('option', { ...HEARTBEAT, problem, fix: 'add watchdog(links) of loki-alerts/rules to rules' })];
}

/** Reports a watchdog alert that is sent to people: without a heartbeat, it needs a route of its own. */
function checkWatchdog(config: AlertmanagerConfig, rules: readonly RuleFile[]): Finding[] {
  const root = routeTree(config);
  const [notified] = watchdogs(rules)
    .flatMap((alert) => matchRoutes(root, knownLabels(alert)))
    .filter(({ matchers }) => !matchers.some(({ name, accepts }) => name === 'alertname' && !accepts('')))
    .filter(({ receiver }) => !config.receivers.some((each) => each.name === receiver && isEmpty(each)));
  if (!notified) return [];
  const problem = `is missing, so the alert "${WATCHDOG}", which always fires, notifies "${notified.receiver}"`;
  const fix = `set heartbeat: { webhookSecret }, add a route for alertname="${WATCHDOG}", or remove the rule`;
  return [finding('option', { ...HEARTBEAT, problem, fix })];
}

function watchdogs(rules: readonly RuleFile[]) {
  return alertsOf(rules).filter(({ alert }) => alert === WATCHDOG);
}

/**
 * Reports undefined templates, also of the stack's own receivers, whose file the options may replace.
 * @param ownTree true if the stack's own receivers are used
 */
function checkCalledTemplates(props: TemplatesProps, ownTree: boolean): Finding[] {
  const { files } = props;
  const defined = files.flatMap(({ text }) => templateNames(text).defined);
  const own = ownTree ? slackTemplates() : [];
  const lost = own.filter((name) => !defined.includes(name));
  if (lost.length === 0) return checkTemplateNames(props);
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(' and ');
  const problem = `replaces the stack's ${SLACK_TEMPLATE.file} without ${quoted(lost)}, so its receivers cannot notify`;
  const fix = `use another file name, or define ${quoted(own)}`;
  return [
    finding('option', { path: ['routing', 'templates'], subject: "option 'routing.templates'", problem, fix }),
    ...checkTemplateNames({ ...props, files: [...files, SLACK_TEMPLATE] }),
  ];
}
