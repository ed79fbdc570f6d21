import type { Finding } from '../../checks/findings';
import { nearestRoutesOf } from '../compare-routes';
import type { SourcedConfig } from '../config/read';
import type { Inputs } from '../input-model';
import { alertsIn } from './alerts';
import { checkReceivers } from './receivers';
import { checkRequirements } from './requirements';
import { RunbookPolicy } from './runbooks';
import { checkTeam } from './teams';

/** Checks the policies of the configuration on all alerts. */
export function checkPolicies({ rules, routes }: Inputs, sourced: SourcedConfig): Finding[] {
  const { config } = sourced;
  if (!config.labels && !config.annotations && !config.runbooks && !config.teams) return [];
  const runbooks = new RunbookPolicy(sourced);
  const nearest = nearestRoutesOf(rules, routes);
  return alertsIn(rules).flatMap((each) => [
    ...checkRequirements(each, config),
    ...checkTeam(each, config),
    ...checkReceivers(each, config, nearest(each.rules)),
    ...runbooks.check(each),
  ]);
}
