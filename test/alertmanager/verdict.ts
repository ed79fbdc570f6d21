import { checkAlertmanagerConfig } from '../../lib/alertmanager/check';
import { readAlertmanagerConfig } from '../../lib/alertmanager/read';
import type { Finding } from '../../lib/findings';

/** All findings on a file, as a person would get them. */
export function findingsOf(text: string, file = 'alertmanager.yml'): Finding[] {
  const { config, positions, findings } = readAlertmanagerConfig(text, file);
  return [...findings, ...(config ? checkAlertmanagerConfig(config, positions) : [])];
}

/** Whether Alertmanager would take the file, in our opinion. Secrets are refused by us alone. */
export function isAccepted(text: string): boolean {
  return !findingsOf(text).some(({ severity, id }) => severity === 'error' && id !== 'inline-secret');
}
