import { writeYaml } from '../../yaml/write';
import type { AlertmanagerConfig } from './config';

/** The order in which alertmanager.yml is read best: who is told, before how. */
const ORDER: readonly (keyof AlertmanagerConfig)[] = [
  'global',
  'templates',
  'route',
  'inhibit_rules',
  'time_intervals',
  'receivers',
  'tracing',
  'event_recorder',
];

/**
 * Writes alertmanager.yml: sections in a fixed order, fields as they were written, texts of several lines as block
 * literals. Equal configs give equal bytes.
 */
export function toYaml(config: AlertmanagerConfig): string {
  const known = ORDER.filter((key) => config[key] !== undefined).map((key) => [key, config[key]]);
  const others = Object.entries(config).filter(([key]) => !ORDER.includes(key as keyof AlertmanagerConfig));
  return writeYaml(Object.fromEntries([...known, ...others]));
}
