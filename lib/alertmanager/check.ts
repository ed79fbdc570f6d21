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

interface Circumstances {
  /** False if the author of the config could not have written `global`, as in options for routes. @default true */
  readonly hasGlobal?: boolean;
  /** @default the config is as it was written */
  readonly written?: Written;
  /** Version that the config is for. @default the one of the manifests */
  readonly alertmanagerVersion?: AlertmanagerVersion;
}

/**
 * Everything that Alertmanager would refuse, as errors, and what it would take and not do as meant, as warnings.
 *
 * @param positions where the config was read from @default none, findings name the field only
 */
export function checkAlertmanagerConfig(
  config: AlertmanagerConfig,
  positions?: Positions,
  { hasGlobal = true, written, alertmanagerVersion: version = DEFAULT_ALERTMANAGER }: Circumstances = {},
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
