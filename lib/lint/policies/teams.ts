import type { Finding } from '../../checks/findings';
import { type LabelMatcher, sources } from '../../logql';
import { didYouMean } from '../../text/did-you-mean';
import type { Config, Team } from '../config/schema';
import { hasTemplate, type PolicyAlert } from './alerts';

/** Label that names the team of an alert. */
export const TEAM_LABEL = 'team';

/** Labels that contain the namespace: of the collectors here, of OpenTelemetry and of OpenShift. */
const NAMESPACE_LABELS: ReadonlySet<string> = new Set(['namespace', 'k8s_namespace_name', 'kubernetes_namespace_name']);

/** Checks that the team of an alert exists, may use its severity and owns the namespaces in its selectors. */
export function checkTeam(each: PolicyAlert, { teams }: Config): Finding[] {
  const name = each.alert.labels?.[TEAM_LABEL];
  if (!teams || name === undefined || name === '' || hasTemplate(name)) return [];
  const team = Object.hasOwn(teams, name) ? teams[name] : undefined;
  if (!team) {
    const known = Object.keys(teams);
    const fix = `add it to the configuration, or use one of ${known.join(', ')}${didYouMean(name, known)}`;
    return [each.finding('policy-team', { problem: `unknown team "${name}"`, fix }, ['labels', TEAM_LABEL])];
  }
  return [...checkSeverity(each, name, team), ...checkOwners(each, name, teams)];
}

function checkSeverity({ alert, finding }: PolicyAlert, name: string, { severities }: Team): Finding[] {
  const severity = alert.labels?.severity;
  if (!severities || severity === undefined || hasTemplate(severity) || severities.includes(severity)) return [];
  const problem = `alerts of team "${name}" must not have the severity "${severity}"`;
  return [finding('policy-team', { problem, fix: `use one of ${severities.join(', ')}` }, ['labels', 'severity'])];
}

function checkOwners({ query, finding }: PolicyAlert, name: string, teams: Readonly<Record<string, Team>>): Finding[] {
  const matchers = query ? [...sources(query)].flatMap(({ selector }) => selector.matchers) : [];
  const namespaces = new Set(matchers.flatMap(namespacesIn));
  return [...namespaces].flatMap((namespace) => {
    const owners = Object.keys(teams).filter((team) => teams[team]?.namespaces?.some((own) => covers(own, namespace)));
    if (owners.length === 0 || owners.includes(name)) return [];
    const owner = owners.join(' and ');
    const problem = `reads the logs of namespace "${namespace}", which team "${owner}" owns, for team "${name}"`;
    return [
      finding('policy-owner', { problem, fix: `select namespaces of team "${name}", or set team: ${owners[0]}` }, [
        'expr',
      ]),
    ];
  });
}

/** Namespaces that a matcher names. */
function namespacesIn({ name, operator, value }: LabelMatcher): string[] {
  if (!NAMESPACE_LABELS.has(name)) return [];
  if (operator === '=') return value.value === '' ? [] : [value.value];
  return operator === '=~' && /^[\w|-]+$/.test(value.value) ? value.value.split('|').filter((text) => text !== '') : [];
}

/** True if a namespace is the one of a pattern, in which `*` matches any characters. */
function covers(pattern: string, namespace: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === namespace;
  if (!namespace.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = namespace.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = rest.at(-1) ?? '';
  return namespace.endsWith(last) && namespace.length - last.length >= at;
}
