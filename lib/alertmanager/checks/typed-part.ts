import type { Path } from '../../checks/findings';
import type { AlertmanagerVersion } from '../../versions/alertmanager';
import type { AlertmanagerConfig } from '../config/config';
import { ConfigFindings } from '../config/config-findings';
import { alertmanagerConfigAt } from '../config/config-schema';
import { checkShape } from '../config/shape';

/** Part of a config with the right types, for further checks. */
export interface TypedPart {
  /** Undefined if names are left out by which its parts refer to each other. */
  readonly config?: AlertmanagerConfig;
  /** Fields that were left out. */
  readonly leftOut: readonly Path[];
}

/** Fields that others depend on: names, named parts, and defaults. */
const DEPENDED_ON = new Set<string | number | undefined>([
  'route',
  'routes',
  'receiver',
  'receivers',
  'name',
  'time_intervals',
  'mute_time_intervals',
  'global',
]);

/** Returns a config without the fields of the wrong type. */
export function typedPart(config: AlertmanagerConfig, version: AlertmanagerVersion): TypedPart {
  const report = new ConfigFindings(config);
  checkShape(config, alertmanagerConfigAt(version), [], report, () => {});
  const leftOut = report.findings
    .filter(({ id }) => id === 'alertmanager-type' || id === 'alertmanager-empty-item')
    .map(({ path }) => fieldOf(path));
  const known = leftOut.every((path) => path[0] !== 'global' && !DEPENDED_ON.has(path.at(-1)) && path.length > 0);
  return { config: known ? (without(config, leftOut) as AlertmanagerConfig) : undefined, leftOut };
}

/** The field that a value is in: leaving out a single item would shift the indexes of its list. */
function fieldOf(path: Path): Path {
  return path.slice(0, path.findLastIndex((key) => typeof key === 'string') + 1);
}

function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.length === 0 || typeof value !== 'object' || value === null) return value;
  const inside = (key: string | number) => paths.filter(([first]) => first === key).map(([, ...rest]) => rest);
  if (Array.isArray(value)) return value.map((item, i) => without(item, inside(i)));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !inside(key).some((path) => path.length === 0))
      .map(([key, item]) => [key, without(item, inside(key))]),
  );
}
