import type { AlertmanagerConfig } from '../config/config';
import type { ConfigFindings } from '../config/config-findings';

/** Reports inhibition rules that mute unrelated alerts. */
export function checkInhibition(config: AlertmanagerConfig, report: ConfigFindings): void {
  (config.inhibit_rules ?? []).forEach((rule, index) => {
    if ((rule.equal ?? []).length > 0) return;
    const problem = "has no 'equal', so one source alert mutes all target alerts, of any service";
    const fix = 'add the labels that must be equal in both, e.g. equal: [namespace, app]';
    report.add('inhibit-without-equal', ['inhibit_rules', index], { problem, fix });
  });
}
