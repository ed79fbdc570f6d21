import type { Finding } from '../../checks/findings';
import { type AlertmanagerVersion, DEFAULT_ALERTMANAGER } from '../../versions/alertmanager';
import type { AlertmanagerConfig } from '../config/config';
import { ConfigFindings, type Positions, type Written } from '../config/config-findings';
import { alertmanagerConfigAt } from '../config/config-schema';
import { checkShape } from '../config/shape';
import { checkTemplates } from '../templates';
import { checkCredentials } from './credentials';
import { checkEmptyReceivers } from './empty-receivers';
import { checkInhibition } from './inhibition';
import { checkMatchers } from './matchers';
import { checkNames } from './names';
import { checkReceivers } from './receivers';
import { checkRoutes } from './routes';
import { checkRouteTimes } from './times';

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
  const report = new ConfigFindings(config, positions, written);
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
