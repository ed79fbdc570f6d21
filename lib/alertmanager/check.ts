import type { Finding } from '../findings';
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

/** Options of `checkAlertmanagerConfig`. */
export interface CheckAlertmanagerOptions {
  /** Places that the config was read from. @default none, findings name the field only */
  readonly positions?: Positions;
  /** False if the author of the config could not have written `global`, as in options for routes. @default true */
  readonly hasGlobal?: boolean;
  /** Paths as the author of the config wrote them. @default those of the config */
  readonly written?: Written;
  /** Version that the config is for. @default the one of the manifests */
  readonly alertmanagerVersion?: AlertmanagerVersion;
}

/**
 * Returns everything that Alertmanager would refuse, as errors, and what it would take and not do as meant, as warnings.
 *
 * @example
 * const findings = checkAlertmanagerConfig(readAlertmanagerFile('alertmanager.yml'));
 * for (const finding of findings) console.error(formatFinding(finding));
 */
export function checkAlertmanagerConfig(
  config: AlertmanagerConfig,
  {
    positions,
    hasGlobal = true,
    written,
    alertmanagerVersion: version = DEFAULT_ALERTMANAGER,
  }: CheckAlertmanagerOptions = {},
): Finding[] {
  const report = new Report(config, positions, written);
  const typed = checkShape(config, alertmanagerConfigAt(version), [], report, (path, leaf, value) => {
    checkCredentials(path, leaf, value, report);
    checkTemplates(path, leaf, value, report, version);
  });
  // Without the right types nothing more can be asked.
  if (!typed) return report.inOrder();
  checkNames(config, report);
  checkReceivers(config, report, { hasGlobal, version });
  checkEmptyReceivers(config, report);
  checkInhibition(config, report);
  checkRouteTimes(config, report);
  // Routes can be compared only when their matchers can be read.
  if (checkMatchers(config, report) && config.route) checkRoutes(config, report);
  return report.inOrder();
}
