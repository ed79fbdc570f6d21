import type { Finding } from '../findings';
import { checkEmptyReceivers } from './check-empty-receivers';
import { checkInhibition } from './check-inhibition';
import { checkMatchers } from './check-matchers';
import { checkNames } from './check-names';
import { checkReceivers } from './check-receivers';
import { checkRoutes } from './check-routes';
import { checkRouteTimes } from './check-times';
import type { AlertmanagerConfig } from './config';
import { alertmanagerConfigAt } from './config-schema';
import { type Positions, Report } from './report';
import type { Leaf } from './schema';
import { adviceWithoutFile, credentialIn, fileField, holdsPassword } from './secrets';
import { checkShape } from './shape';
import { checkTemplates } from './templates';
import { type AlertmanagerVersion, DEFAULT_ALERTMANAGER } from './version';

interface Circumstances {
  /** False if the author of the config could not have written `global`, as in options for routes. @default true */
  readonly hasGlobal?: boolean;
  /** Version that the config is for. @default the one of the manifests */
  readonly alertmanagerVersion?: AlertmanagerVersion;
}

/**
 * Everything that Alertmanager would refuse, as errors, and what it would take and not do as meant, as warnings.
 *
 * The checks are described in docs/checks/alertmanager.md, by their ids.
 *
 * @param positions where the config was read from @default none, findings name the field only
 */
export function checkAlertmanagerConfig(
  config: AlertmanagerConfig,
  positions?: Positions,
  { hasGlobal = true, alertmanagerVersion: version = DEFAULT_ALERTMANAGER }: Circumstances = {},
): Finding[] {
  const report = new Report(config, positions);
  const typed = checkShape(config, alertmanagerConfigAt(version), '', report, (path, leaf, value) => {
    if (typeof value === 'string') checkSecret(path, leaf, value, report);
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

function checkSecret(path: string, leaf: Leaf, value: string, report: Report): void {
  if (value === '') return;
  if (!leaf.secret) {
    if (!holdsPassword(value)) return;
    const message = `holds a password in a URL. This file is committed and shown to others: leave it out${insteadOf(path)}`;
    report.error('inline-secret', path, message);
    return;
  }
  const reason = leaf.secret === 'always' ? 'is a secret' : credentialIn(value);
  if (reason === undefined) return;
  const file = fileField(path);
  const advice = file
    ? `put it into a file, and its path into ${file}`
    : `no file can take its place: ${adviceWithoutFile(path)}`;
  const message = `${reason}. This file is committed and shown to others: ${advice}`;
  report.error('inline-secret', path, message);
}

/** How the same is had without a password in a URL that no file can take the place of. */
function insteadOf(path: string): string {
  if (path.endsWith('.proxy_url')) return ': no file takes that of a proxy, so write one that asks for none';
  return /[._]url$/.test(path) ? ', and write http_config.basic_auth with a password_file' : '';
}
