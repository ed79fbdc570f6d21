import type { Path } from '../../checks/findings';
import type { AlertmanagerConfig } from '../config/config';
import type { ConfigFindings } from '../config/config-findings';
import { configsField, type Integration, integrationsOf } from '../receivers';

/**
 * Reports the fields of one integration as several items of its list, each with a dash of its own: every item is an
 * integration that sends a message, with the defaults for all other fields.
 */
export function checkSplit(config: AlertmanagerConfig, report: ConfigFindings): void {
  (config.receivers ?? []).forEach((receiver, index) => {
    const all = integrationsOf(receiver);
    for (const name of new Set(all.map((each) => each.name))) {
      const integrations = all.filter((each) => each.name === name);
      if (!areParts(integrations)) continue;
      const fields = integrations.flatMap(({ config }) => Object.keys(config)).join(', ');
      const path: Path = ['receivers', index, configsField(name)];
      const problem = `the fields ${fields} are ${integrations.length} integrations, each of which sends a message`;
      const fix = 'remove the dash before all fields but the first';
      report.add('receiver-split', path, { problem, fix }, 'name');
    }
  });
}

/** True if most have one field, none occurs twice, and at most one is complete: others of a kind have the same fields. */
function areParts(integrations: readonly Integration[]): boolean {
  const fields = integrations.map(({ config }) => Object.keys(config));
  const complete = integrations.filter(({ kind, config }) =>
    kind.needs.some(({ own }) => own.some((name) => Object.hasOwn(config, name))),
  );
  return (
    fields.length > 1 &&
    new Set(fields.flat()).size === fields.flat().length &&
    fields.every(({ length }) => length > 0) &&
    fields.filter(({ length }) => length > 1).length <= 1 &&
    complete.length <= 1
  );
}
