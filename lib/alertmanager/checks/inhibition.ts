import type { Path } from '../../checks/findings';
import type { AlertmanagerConfig, InhibitRule } from '../config/config';
import type { ConfigFindings } from '../config/config-findings';
import { routeMatchers } from '../config/routes';
import { contradict, implies } from '../matchers/logic';
import type { CompiledMatcher } from '../matchers/matchers';

/** Reports inhibition rules that mute unrelated alerts, or none. */
export function checkInhibition(config: AlertmanagerConfig, report: ConfigFindings): void {
  (config.inhibit_rules ?? []).forEach((rule, index) => {
    const path: Path = ['inhibit_rules', index];
    const never = neverInhibits(rule, path);
    if (never !== undefined) {
      report.add('inhibit-never', path, { problem: `mutes no alert: ${never}`, fix: 'correct it, or remove the rule' });
      return;
    }
    if ((rule.equal ?? []).length > 0) return;
    const problem = "has no 'equal', so one source alert mutes all target alerts, of any service";
    const fix = 'add the labels that must be equal in both, e.g. equal: [namespace, app]';
    report.add('inhibit-without-equal', path, { problem, fix });
  });
}

/** Returns why a rule mutes nothing; undefined if it does, or if a matcher is invalid. */
function neverInhibits(rule: InhibitRule, path: Path): string | undefined {
  const source = sideOf(rule, 'source', path);
  const target = sideOf(rule, 'target', path);
  if (!source || !target) return undefined;
  for (const [name, matchers] of Object.entries({ source, target }))
    if (contradict(matchers)) return `the ${name} matchers contradict each other`;
  const apart = (rule.equal ?? []).find((label) =>
    contradict([...source, ...target].filter(({ name }) => name === label)),
  );
  if (apart !== undefined) return `"equal" has the label "${apart}", which source and target require to differ`;
  // Alerts that match both sides do not mute each other. Upstream: `hasEqual` in `inhibit/inhibit.go`.
  const within = (a: readonly CompiledMatcher[], b: readonly CompiledMatcher[]) =>
    b.every((matcher) => implies(a, matcher));
  return within(source, target) && within(target, source)
    ? 'source and target match the same alerts, and an alert that matches both sides is not muted by another such'
    : undefined;
}

function sideOf(rule: InhibitRule, side: 'source' | 'target', path: Path): readonly CompiledMatcher[] | undefined {
  const { matchers, unreadable } = routeMatchers(
    { match: rule[`${side}_match`], match_re: rule[`${side}_match_re`], matchers: rule[`${side}_matchers`] },
    path,
  );
  return unreadable === undefined ? matchers : undefined;
}
