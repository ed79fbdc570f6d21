import type { AlertmanagerConfig } from './config';
import { itemPath, type Report } from './report';

/** Inhibition that reaches further than meant. */
export function checkInhibition(config: AlertmanagerConfig, report: Report): void {
  (config.inhibit_rules ?? []).forEach((rule, index) => {
    if ((rule.equal ?? []).length > 0) return;
    const message =
      'has no equal, so one alert of the source silences every alert of the target, of any service: add the labels that must be the same, for instance equal: [namespace, app]';
    report.warning('inhibit-without-equal', itemPath('inhibit_rules', index), message);
  });
}
