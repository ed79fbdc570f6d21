import { checkAlertmanagerConfig } from '../../lib/alertmanager/checks/check-config';
import { readAlertmanagerConfig } from '../../lib/alertmanager/config/read';
import type { Finding } from '../../lib/checks/findings';

/** Version that the fixtures are for. */
export const NEWEST = '0.35.0';

/** Returns all findings on a file, as `check` reports them. */
export function findingsOf(text: string, file = 'alertmanager.yml', alertmanagerVersion = NEWEST): Finding[] {
  const { config, positions, findings } = readAlertmanagerConfig(text, file, alertmanagerVersion);
  return [...findings, ...(config ? checkAlertmanagerConfig(config, { positions, alertmanagerVersion }) : [])];
}

/** Errors that do not keep Alertmanager from starting: secrets, and templates that it only parses when it notifies. */
const NOT_AT_STARTUP = new Set(['inline-secret', 'template-syntax']);

/** Returns the errors for which Alertmanager does not start. */
export function loadErrors(text: string, version = NEWEST): Finding[] {
  return findingsOf(text, undefined, version).filter(
    ({ severity, id }) => severity === 'error' && !NOT_AT_STARTUP.has(id),
  );
}
