import { checkAlertmanagerConfig } from '../../lib/alertmanager/checks/check-config';
import { readAlertmanagerConfig } from '../../lib/alertmanager/config/read';
import type { Finding } from '../../lib/checks/findings';

/** Version that the fixtures are for. */
export const NEWEST = '0.35.0';

/** All findings on a file, as a person would get them. */
export function findingsOf(text: string, file = 'alertmanager.yml', alertmanagerVersion = NEWEST): Finding[] {
  const { config, positions, findings } = readAlertmanagerConfig(text, file, alertmanagerVersion);
  return [...findings, ...(config ? checkAlertmanagerConfig(config, { positions, alertmanagerVersion }) : [])];
}

/** Errors on what Alertmanager takes when it starts: secrets, and templates that it parses only when it must notify. */
const OURS_ALONE = new Set(['inline-secret', 'template-syntax']);

/** The errors for which Alertmanager would not start. */
export function loadErrors(text: string, version = NEWEST): Finding[] {
  return findingsOf(text, undefined, version).filter(({ severity, id }) => severity === 'error' && !OURS_ALONE.has(id));
}
