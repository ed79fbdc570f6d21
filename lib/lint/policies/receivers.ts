import { knownLabels } from '../../alertmanager/checks/rules';
import { firstMatcherProblem, type Labels, type RouteNode, routesOf } from '../../alertmanager/config/routes';
import type { Finding } from '../../checks/findings';
import type { Config } from '../config/schema';
import type { Routes } from '../input-model';
import type { PolicyAlert } from './alerts';
import { TEAM_LABEL } from './teams';

/**
 * Checks that the alerts of a team only go to receivers that it may use. Labels from the expression are unknown, so
 * only receivers that certainly get the alert are checked.
 */
export function checkReceivers(each: PolicyAlert, { teams = {} }: Config, routes: readonly Routes[]): Finding[] {
  const { alert, finding } = each;
  const labels = knownLabels(alert);
  const name = labels[TEAM_LABEL] ?? '';
  const allowed = Object.hasOwn(teams, name) ? teams[name]?.receivers : undefined;
  if (!allowed) return [];
  return routes.flatMap(({ config, source }) => {
    if (!config || firstMatcherProblem(routesOf(config)) !== undefined) return [];
    const receivers = new Set(certainReceivers(routesOf(config), labels));
    return [...receivers]
      .filter((receiver) => !allowed.includes(receiver))
      .map((receiver) => {
        const problem = `alerts of team "${name}" must not go to receiver "${receiver}", as the routes in ${source.file} do`;
        const fix = `route them to ${allowed.join(' or ')}, or correct the labels`;
        return finding('policy-receiver', { problem, fix }, ['labels', TEAM_LABEL]);
      });
  });
}

/** Receivers that get an alert with these labels, whatever its other labels are. */
function certainReceivers(node: RouteNode, labels: Labels): string[] {
  const found: string[] = [];
  for (const child of node.routes) {
    const known = child.matchers.filter(({ name }) => Object.hasOwn(labels, name));
    if (!known.every(({ name, accepts }) => accepts(labels[name] as string))) continue;
    const isCertain = known.length === child.matchers.length;
    if (isCertain) found.push(...certainReceivers(child, labels));
    // Later routes, and this one, only get the alert if the child does not.
    if (!child.continue || !isCertain) return found;
  }
  return found.length > 0 ? found : [node.receiver];
}
