import { CHECKS } from '../checks';
import { type Finding, notWaived } from '../findings';
import { checkCredentials } from './check-credentials';
import { checkEmptyReceivers } from './check-empty-receivers';
import { checkInhibition } from './check-inhibition';
import { checkMatchers } from './check-matchers';
import { checkNames } from './check-names';
import { checkReceivers } from './check-receivers';
import { checkRoutes } from './check-routes';
import { checkRouteTimes } from './check-times';
import type { AlertmanagerConfig } from './config';
import { alertmanagerConfigAt } from './config-schema';
import { type Positions, Report, type Written } from './report';
import { checkShape } from './shape';
import { checkTemplates } from './templates';
import { type AlertmanagerVersion, DEFAULT_ALERTMANAGER } from './version';
import { withoutWaivers, wrongWaivers } from './waivers';

interface Circumstances {
  /** False if the author of the config could not have written `global`, as in options for routes. @default true */
  readonly hasGlobal?: boolean;
  /** @default the config is as it was written */
  readonly written?: Written;
  /** Version that the config is for. @default the one of the manifests */
  readonly alertmanagerVersion?: AlertmanagerVersion;
  /** Returns findings that are waived too, with the reason. @default false */
  readonly keepWaived?: boolean;
}

/**
 * Everything that Alertmanager would refuse, as errors, and what it would take and not do as meant, as warnings.
 *
 * @param positions where the config was read from @default none, findings name the field only
 */
export function checkAlertmanagerConfig(
  config: AlertmanagerConfig,
  positions?: Positions,
  circumstances: Circumstances = {},
): Finding[] {
  const report = new Report(config, positions, circumstances.written);
  for (const path of wrongWaivers(config))
    report.add('alertmanager-type', path, { problem: 'expected a list of { check, reason }' });
  report.addInvalidWaivers();
  checkAll(withoutWaivers(config), report, circumstances);
  const findings = report.inOrder();
  return circumstances.keepWaived ? findings : notWaived(findings);
}

function checkAll(
  config: AlertmanagerConfig,
  report: Report,
  { hasGlobal = true, alertmanagerVersion: version = DEFAULT_ALERTMANAGER }: Circumstances,
): void {
  const typed = checkShape(config, alertmanagerConfigAt(version), [], report, (path, leaf, value) => {
    checkCredentials(path, leaf, value, report);
    checkTemplates(path, leaf, value, report, version);
  });
  // Without the right types nothing more can be asked.
  if (!typed) return;
  checkNames(config, report);
  checkReceivers(config, report, { hasGlobal, version });
  checkEmptyReceivers(config, report);
  checkInhibition(config, report);
  checkRouteTimes(config, report);
  // Routes can be compared only when their matchers can be read.
  if (!checkMatchers(config, report)) return;
  if (config.route) checkRoutes(config, report);
  report.addUnusedWaivers((id) => CHECKS[id].needs !== 'rules');
}
