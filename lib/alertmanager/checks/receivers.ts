import type { Diagnosis, Path } from '../../checks/findings';
import type { AlertmanagerVersion } from '../../versions/alertmanager';
import type { AlertmanagerConfig } from '../config/config';
import type { ConfigFindings } from '../config/config-findings';
import { type Fields, isSet } from '../config/schema';
import { configsField, type Integration, integrationsOf } from '../receivers';
import type { RequiredFields } from '../receivers/kind';

/**
 * Reports integrations that lack a field in both themselves and `global`, and contradictions between the two.
 * Upstream: `Config.UnmarshalYAML` in `config/config.go`.
 * @param hasGlobal false if the author of the config cannot set `global`
 */
export function checkReceivers(
  config: AlertmanagerConfig,
  report: ConfigFindings,
  { hasGlobal, version }: { readonly hasGlobal: boolean; readonly version: AlertmanagerVersion },
): void {
  const global: Fields = config.global ?? {};
  (config.receivers ?? []).forEach((receiver, r) => {
    for (const integration of integrationsOf(receiver)) {
      const path = pathOf(r, integration);
      const { kind, config: own } = integration;
      for (const need of kind.needs) {
        const wrong = missing(need, own, global, hasGlobal);
        if (wrong) report.add('receiver-incomplete', path, wrong);
      }
      for (const { severity, field, ...wrong } of kind.checkGlobal?.(own, global, version) ?? []) {
        const at = field === undefined ? path : [...path, field];
        if (severity === 'error') report.add('receiver-incomplete', at, wrong);
        else report.add('receiver-field-unused', at, wrong, 'name');
      }
      if (staysFiring(integration))
        report.add('receiver-stays-firing', [...path, 'update_message'], STAYS_FIRING, 'name');
    }
  });
}

/** Returns whether a message is edited as long as alerts fire, but not when they are resolved. */
function staysFiring({ kind, config }: Integration): boolean {
  const { update_message, send_resolved = kind.sendResolvedByDefault }: Fields = config;
  return update_message === true && send_resolved === false;
}

const STAYS_FIRING: Diagnosis = {
  problem: 'never shows that the alerts are resolved, because send_resolved is false',
  fix: 'add send_resolved: true',
};

function pathOf(receiver: number, { name, index }: Integration): Path {
  return ['receivers', receiver, configsField(name), index];
}

/** Only for fields that can be inherited: the schema has rules for the others. */
function missing(need: RequiredFields, own: Fields, global: Fields, hasGlobal: boolean): Diagnosis | undefined {
  if (need.global === undefined || need.own.some((name) => isSet(own[name]))) return undefined;
  const notInherited = need.notInherited?.(own);
  const set = need.global.filter((name) => isSet(global[name]));
  if (set.some((name) => !notInherited?.fields.includes(name))) return undefined;
  const elsewhere = hasGlobal ? `, or global.${need.global[0]}` : '';
  const why = set.length > 0 ? ` (global.${set[0]} is not inherited: ${notInherited?.reason})` : '';
  return { problem: `missing field "${need.own[0]}"${why}`, fix: `add it${elsewhere}` };
}
