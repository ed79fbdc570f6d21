import { type Finding, formatFinding } from '../../checks/findings';
import { loadText } from '../../yaml/load';
import type { AlertmanagerConfig } from './config';
import { withPositions } from './config-findings';
import { readAlertmanagerConfig } from './read';

/**
 * Reads an alertmanager.yml for `routing: { config }`. Its values are checked together with the other options.
 *
 * @throws Error if the file cannot be read, or with every place of invalid YAML and every value of the wrong type
 * @example
 * const routing: RoutingOptions = { config: readAlertmanagerFile('alertmanager.yml') };
 */
export function readAlertmanagerFile(path: string): AlertmanagerConfig {
  const source = loadText(path);
  if ('id' in source) throw failed([source]);
  const { config, positions, findings } = readAlertmanagerConfig(source.text, source.file);
  if (config && !findings.some(({ severity }) => severity === 'error')) return withPositions(config, positions);
  throw failed(findings);
}

function failed(findings: readonly Finding[]): Error {
  return new Error(`Validation failed with the following errors:\n  ${findings.map(formatFinding).join('\n  ')}`);
}
