import type { Finding, Path } from '../findings';
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
import type { Leaf } from './schema';
import { adviceWithoutFile, credentialIn, fileField, holdsPassword } from './secrets';
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

function checkSecret(path: Path, leaf: Leaf, value: string, report: Report): void {
  if (value === '') return;
  if (!leaf.secret) {
    if (!holdsPassword(value)) return;
    const problem = 'holds a password in a URL, in a file that is committed';
    const fix = `remove it${insteadOf(path)}`;
    report.add('inline-secret', path, { problem, fix });
    return;
  }
  const reason = leaf.secret === 'always' ? 'is a secret' : credentialIn(value);
  if (reason === undefined) return;
  const file = fileField(path);
  const fix = file
    ? `put the credential in a Secret, and the path of its file in ${file}`
    : `${adviceWithoutFile(path)}; Alertmanager reads it from no file`;
  const problem = `${reason}, in a file that is committed`;
  report.add('inline-secret', path, { problem, fix });
}

/** How the same is had without a password in a URL that no file can take the place of. */
function insteadOf(path: Path): string {
  const field = String(path.at(-1));
  if (field === 'proxy_url') return ', and use a proxy that asks for none';
  return /(^|_)url$/.test(field) ? ', and use http_config.basic_auth with a password_file' : '';
}
