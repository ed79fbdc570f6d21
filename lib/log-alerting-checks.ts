import type { Finding } from './findings';
import type { LogAlertingProps } from './log-alerting';
import { checkLogAlertingOptions } from './log-alerting-options';
import { checkRuleFiles } from './rules/check';

/** Severities as most teams use them. */
const SEVERITIES = ['info', 'warning', 'critical'];

/**
 * All that is wrong with the product's options, rules and routes. Rules and routes are looked at only once the options
 * have the right types.
 */
export function checkLogAlerting(props: LogAlertingProps): Finding[] {
  const options = checkLogAlertingOptions(props);
  if (options.some(({ subject }) => /'(rules|routing)/.test(subject ?? ''))) return options;
  const severities = props.severities ?? SEVERITIES;
  return [
    ...options,
    ...checkRuleFiles(props.rules, { evaluationInterval: props.loki?.evaluationInterval, severities }),
  ];
}
