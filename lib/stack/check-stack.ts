import { checkSecretFiles } from '../alertmanager/mounted-secrets';
import { CHECKS, type CheckId } from '../checks';
import type { CheckNeed, Refinement } from '../checks/check';
import { type Finding, finding, isWithin, type Path } from '../checks/findings';
import { COLLECTOR_LABELS } from '../collector/labels';
import { SLACK_INBOX } from '../demo/slack-inbox';
import type { CheckOptions } from '../rules/check-options';
import { checkRuleFiles } from '../rules/check-rules';
import type { RuleFile } from '../rules/model';
import { aboutTenant, tenantRules } from '../rules/tenant';
import { checkHeartbeat, checkRouting } from './check-routing';
import type { LogAlertingProps } from './props';
import { resolve, type Stack } from './resolve';
import { type ReadOptions, readOptions } from './validate-props';

/** What options come to. */
export interface CheckedStack {
  /** The stack of the options that are valid; undefined if there are no options. */
  readonly stack?: Stack;
  /** What is wrong with options, rules and routes. */
  readonly findings: readonly Finding[];
}

/** Checks the product's options, rules and routes, and returns everything that is wrong, as far as it can be seen. */
export function checkLogAlerting(props: LogAlertingProps): readonly Finding[] {
  return checkedStack(props).findings;
}

/** Resolves options and checks what they come to. */
export function checkedStack(props: LogAlertingProps): CheckedStack {
  const options = readOptions(props);
  if (options.valid === undefined) return { findings: options.findings };
  const stack = resolve(options.valid);
  return { stack, findings: [...options.findings, ...checkStack(stack, options)] };
}

/** What is wrong with the rules and routes of a stack. What depends on an invalid option is not checked; the rest is. */
function checkStack(stack: Stack, { findings: invalid, leftOut }: ReadOptions): Finding[] {
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
    // Each tenant's by themselves: two tenants may well have the same rule.
    ...checkRules(stack.rules, stack),
    ...tenants.flatMap(([id, { rules }]) => checkRules(rules, stack).map((found) => aboutTenant(id, found))),
    ...(known(['rules']) ? checkHeartbeat(stack) : []),
    ...checkRouting(stack, allRules)
      // A rule that is not known may set the annotation.
      .filter(({ id }) => allKnown || id !== 'template-unset-annotation')
      .filter(({ path }) => !isEcho(path, invalid)),
    ...(known(['alertmanager', 'secrets']) ? checkSecretFiles(stack.alertmanager) : []),
    ...(known(...OF_INBOX) ? checkInbox(stack) : []),
  ].filter(({ id }) => !dependsOn(id, unknown));
}

/** Returns whether one of the options decides what a check finds. */
function dependsOn(id: CheckId, options: readonly (CheckNeed | Refinement)[]): boolean {
  const { needs, refinedBy = [] } = CHECKS[id];
  return [...(needs ? [needs] : []), ...refinedBy].some((option) => options.includes(option));
}

/** Whether what is found there follows from what is invalid: it is inside of it, or on an option of which that is a part. */
function isEcho(found: Path, invalid: readonly Finding[]): boolean {
  return invalid.some(({ path }) => isWithin(found, path) || (found.length === 1 && isWithin(path, found)));
}

/**
 * As for any rule file, but two alerts of one name are an error: here one of them is a slip, and a pair that is meant
 * (a warning and a critical one, say) can be waived with that reason.
 */
function checkRules(rules: readonly RuleFile[], { loki, severities }: Stack): Finding[] {
  const options: CheckOptions = {
    evaluationInterval: loki.evaluationInterval,
    severities,
    collectorLabels: COLLECTOR_LABELS,
    namespacedJobs: true,
    asConfigMaps: true,
    remoteWrite: false,
  };
  return checkRuleFiles(rules, options).map((found) =>
    found.id === 'alert-name-repeated' ? { ...found, severity: 'error' } : found,
  );
}

/** Options that say whether anything is sent to the slack-inbox. */
const OF_INBOX: readonly Path[] = [
  ['profile'],
  ['namespaces', 'demo'],
  ['slack', 'webhookUrl'],
  ['routing', 'config'],
  ['routing', 'receivers'],
  ['heartbeat', 'webhookUrl'],
];

/** Settings of the slack-inbox's pods, where the demo has none because nothing is sent to it. */
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
