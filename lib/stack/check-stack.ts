import { checkSecretFiles } from '../alertmanager/mounted-secrets';
import { CHECKS, type CheckId } from '../checks';
import type { CheckNeed, Refinement } from '../checks/check';
import { type Finding, finding, isWithin, type Path } from '../checks/findings';
import { CLUSTER_LABEL, collectorLabels } from '../collector/labels';
import { SLACK_INBOX } from '../demo/slack-inbox';
import { DEFAULT_RETENTION } from '../loki/loki';
import type { CheckOptions } from '../rules/check-options';
import { checkRuleFiles } from '../rules/check-rules';
import { alertsOf, type RuleFile } from '../rules/model';
import { aboutTenant, tenantRules } from '../rules/tenant';
import { didYouMean } from '../text/did-you-mean';
import { imageReference, images } from '../versions/images';
import { versionOf } from '../versions/version';
import { checkKubernetesEvents } from './check-events';
import { checkHeartbeat, checkRouting } from './check-routing';
import { checkExternalRules } from './external';
import type { LogAlertingProps } from './props';
import { resolve, type Stack } from './resolve';
import { readOptions, type ValidatedOptions } from './validate-props';

/** The stack that options describe, and the findings on it. */
export interface CheckedStack {
  /** The stack of the options that are valid; undefined if there are no options. */
  readonly stack?: Stack;
  /** Findings on options, rules and routes. */
  readonly findings: readonly Finding[];
}

/** Checks the options, rules and routes of a stack. */
export function checkLogAlerting(props: LogAlertingProps): readonly Finding[] {
  return checkedStack(props).findings;
}

/**
 * Resolves options and checks the resulting stack.
 *
 * @param unknown options whose values are not those of the stack, so that nothing that depends on them is checked
 */
export function checkedStack(props: LogAlertingProps, unknown: readonly Path[] = []): CheckedStack {
  const options = readOptions(props);
  if (options.valid === undefined) return { findings: options.findings };
  const stack = resolve(options.valid);
  const checked = checkStack(stack, { ...options, leftOut: [...options.leftOut, ...unknown] });
  return { stack, findings: [...options.findings, ...checked] };
}

/** Checks the rules and routes of a stack. Dependents of an invalid option are not checked. */
function checkStack(stack: Stack, { findings: invalid, leftOut }: ValidatedOptions): Finding[] {
  const known = (...options: readonly Path[]) =>
    !options.some((option) => leftOut.some((path) => isWithin(path, option) || isWithin(option, path)));
  const tenants = Object.entries(stack.tenants ?? {});
  const allRules = [...stack.rules, ...tenants.flatMap(([id, tenant]) => tenantRules(id, tenant))];
  const allKnown =
    known(['rules']) && !leftOut.some(([option, , part = 'rules']) => option === 'tenants' && part === 'rules');
  const unknown: readonly (CheckNeed | Refinement)[] = [
    ...(known(['severities']) ? [] : (['severities'] as const)),
    ...(known(['profile'], ['loki', 'evaluationInterval']) ? [] : (['evaluationInterval'] as const)),
  ];
  return [
    ...(allKnown ? [...checkAnyRules(allRules), ...(known(['rateAlert']) ? checkRateAlert(stack, allRules) : [])] : []),
    ...(allKnown && known(['kubernetesEvents']) ? checkKubernetesEvents(stack, allRules) : []),
    ...checkRules(stack),
    ...(allKnown && known(['cluster']) ? checkCluster(stack, allRules) : []),
    ...(known(['rules']) ? checkHeartbeat(stack) : []),
    ...checkRouting(stack, allRules)
      // An invalid rule may set the annotation.
      .filter(({ id }) => allKnown || id !== 'template-unset-annotation')
      .filter(({ path }) => !isEcho(path, invalid)),
    ...(known(['alertmanager', 'secrets']) ? checkSecretFiles(stack.alertmanager) : []),
    ...(known(...INBOX_OPTIONS) ? checkInbox(stack) : []),
  ].filter(({ id }) => !dependsOn(id, unknown));
}

/** Reports a stack that can never alert, because neither it nor a tenant has a rule. */
function checkAnyRules(rules: readonly RuleFile[]): Finding[] {
  if (hasRules(rules)) return [];
  const fix = "add one of yours, or one of 'loki-alerts/rules', e.g. highLogRate({ grafanaUrl })";
  const problem = 'has no rule, so the stack can never alert';
  return [finding('option', { path: ['rules'], subject: "option 'rules'", problem, fix })];
}

/** Reports a `rateAlert` that no rule has: the dashboard would show the threshold of an alert that does not exist. */
function checkRateAlert({ grafana: { rateAlert } }: Stack, rules: readonly RuleFile[]): Finding[] {
  const names = alertsOf(rules).map(({ alert }) => alert);
  if (rateAlert === undefined || !hasRules(rules) || names.includes(rateAlert.name)) return [];
  const problem = `is "${rateAlert.name}", but no rule has an alert of this name`;
  const fix = `add its rule to rules, or remove rateAlert${didYouMean(rateAlert.name, names)}`;
  return [finding('option', { path: ['rateAlert', 'name'], subject: "option 'rateAlert.name'", problem, fix })];
}

/** Reports alerts that set the label of the cluster themselves: Loki would not replace it. */
function checkCluster({ cluster }: Stack, rules: readonly RuleFile[]): Finding[] {
  if (cluster === undefined) return [];
  return alertsOf(rules).flatMap(({ alert, labels = {} }) => {
    const own = labels[CLUSTER_LABEL];
    if (own === undefined || own === cluster) return [];
    const problem = `is "${cluster}", but alert '${alert}' sets the label ${CLUSTER_LABEL} to "${own}"`;
    const fix = 'remove the label from the rule, or the option';
    return [finding('option', { path: ['cluster'], subject: "option 'cluster'", problem, fix })];
  });
}

function hasRules(files: readonly RuleFile[]): boolean {
  return files.some(({ groups }) => groups.some(({ rules }) => rules.length > 0));
}

/** Returns whether the findings of a check depend on one of the options. */
function dependsOn(id: CheckId, options: readonly (CheckNeed | Refinement)[]): boolean {
  const { needs, refinedBy = [] } = CHECKS[id];
  return [...(needs ? [needs] : []), ...refinedBy].some((option) => options.includes(option));
}

/** Returns whether a finding follows from an invalid option: it is inside it, or at an option that contains it. */
function isEcho(found: Path, invalid: readonly Finding[]): boolean {
  return invalid.some(({ path }) => isWithin(found, path) || (found.length === 1 && isWithin(path, found)));
}

/**
 * Checks rule files. Two alerts with the same name are an error in a stack: usually one of them is a mistake, and a
 * waiver can give the reason for an intended pair, such as a warning and a critical alert.
 */
function checkRules(stack: Stack): Finding[] {
  const { rules, tenants = {}, loki, externalLoki, severities, collector } = stack;
  const lokiVersion = externalLoki ? undefined : versionOf(imageReference(images.loki, stack.pods.images));
  const options: CheckOptions = {
    evaluationInterval: loki.evaluationInterval,
    retention: loki.retention ?? DEFAULT_RETENTION,
    severities,
    ...(lokiVersion === undefined ? {} : { lokiVersion }),
    ...(collector.isDeployed ? { collectorLabels: collectorLabels(stack.cluster), namespacedJobs: true } : {}),
    ...(externalLoki ? {} : { asConfigMaps: true, remoteWrite: false }),
  };
  const found = checkExternalRules(stack, options) ?? [
    ...checkRuleFiles(rules, options),
    // Separately for each tenant: two tenants may have the same rule.
    ...Object.entries(tenants).flatMap(([id, tenant]) =>
      checkRuleFiles(tenant.rules, options).map((each) => aboutTenant(id, each)),
    ),
  ];
  return found.map((each) => (each.id === 'alert-name-repeated' ? { ...each, severity: 'error' } : each));
}

/** Options that decide whether anything is sent to the slack-inbox. */
const INBOX_OPTIONS: readonly Path[] = [
  ['profile'],
  ['namespaces', 'demo'],
  ['slack', 'webhookUrl'],
  ['routing', 'config'],
  ['routing', 'receivers'],
  ['heartbeat', 'webhookUrl'],
];

/** Reports settings for slack-inbox pods that do not exist, because nothing is sent to them. */
function checkInbox({ pods, demo }: Stack): Finding[] {
  if (!pods.settings?.[SLACK_INBOX] || !demo || demo.slackInbox) return [];
  return [
    finding('option', {
      path: ['pods', SLACK_INBOX],
      subject: `option 'pods.${SLACK_INBOX}'`,
      problem: 'has no effect, because no receiver calls the slack-inbox',
      fix: 'remove it',
    }),
  ];
}
