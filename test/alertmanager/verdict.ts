import { checkAlertmanagerConfig } from '../../lib/alertmanager/check';
import { readAlertmanagerConfig } from '../../lib/alertmanager/read';
import type { Finding } from '../../lib/findings';

/** All findings on a file, as a person would get them. */
export function findingsOf(text: string, file = 'alertmanager.yml'): Finding[] {
  const { config, positions, findings } = readAlertmanagerConfig(text, file);
  return [...findings, ...(config ? checkAlertmanagerConfig(config, positions) : [])];
}

/** Errors on what Alertmanager takes when it starts: secrets, and templates that it parses only when it must notify. */
const OURS_ALONE = new Set(['inline-secret', 'template-syntax']);

/** The errors for which Alertmanager would not start. */
export function loadErrors(text: string): Finding[] {
  return findingsOf(text).filter(({ severity, id }) => severity === 'error' && !OURS_ALONE.has(id));
}
