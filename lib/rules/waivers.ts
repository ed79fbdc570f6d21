import { CHECKS, isCheckId } from '../checks';
import { type Finding, finding } from '../checks/findings';
import type { CheckOptions } from './check-options';
import type { RuleScope } from './checks/rule-check';
import type { Waiver } from './model';
import { placeOf } from './source';

/** Leaves out the warnings that the rule waives, and reports the waivers without effect. */
export function applyWaivers(
  { rule, path, options }: RuleScope,
  subject: string,
  findings: readonly Finding[],
): readonly Finding[] {
  const { waive = [] } = rule;
  if (waive.length === 0) return findings;
  const waived = new Set<string>(
    waive.filter((waiver) => !invalid(waiver, findings, options)).map(({ check }) => check),
  );
  return [
    ...findings.filter(({ id }) => !waived.has(id)),
    ...waive.flatMap((waiver, i) => {
      const found = invalid(waiver, findings, options);
      return found
        ? [finding('waiver-unused', { ...found, path: [...path, 'waive', i], subject, place: placeOf(waiver) })]
        : [];
    }),
  ];
}

/** Why a waiver does not count. */
function invalid({ check: id, reason }: Waiver, findings: readonly Finding[], options: CheckOptions) {
  if (!isCheckId(id)) {
    return { problem: `unknown check "${id}"`, fix: 'correct the id; "loki-alerts check --list" shows all' };
  }
  const { severity, waivable, needs } = CHECKS[id];
  if (!waivable) {
    const why = severity === 'error' ? 'is an error and ' : '';
    return {
      problem: `"${id}" ${why}cannot be waived at a rule`,
      fix: 'correct what it reports, and remove the waiver',
    };
  }
  if (reason.trim() === '') {
    return { problem: `the waiver of "${id}" gives no reason, so it has no effect`, fix: 'add "because …"' };
  }
  // The routes decide it, which rules can be checked without: lib/alertmanager/checks/rules.ts.
  if (needs === 'rules' || findings.some((found) => found.id === id)) return undefined;
  // Dist does not say, for instance, which labels its collector sets.
  const unknown = needs !== undefined && options[needs as keyof CheckOptions] === undefined;
  return unknown ? undefined : { problem: `the waiver of "${id}" waives nothing`, fix: 'remove it' };
}
