import { CHECKS, type CheckId } from '../checks';
import { type Finding, finding } from '../checks/findings';
import type { CheckOptions } from './check-options';
import type { PlacedRule } from './checks/rule-check';
import { placeOf } from './source';
import { unusedWaiver, type Waiver, waiverProblem } from './waiver';

/** Marks the warnings that the rule waives, and reports waivers that have no effect. */
export function applyWaivers(
  { rule, path, options }: PlacedRule,
  subject: string,
  findings: readonly Finding[],
): readonly Finding[] {
  const { waive = [] } = rule;
  if (waive.length === 0) return findings;
  const reasons = new Map(
    waive.filter((waiver) => !waiverProblem(waiver, 'rule')).map(({ check, reason }) => [check, reason]),
  );
  return [
    ...findings.map((found) => (reasons.has(found.id) ? { ...found, waived: reasons.get(found.id) } : found)),
    ...waive.flatMap((waiver, i) => {
      const found = waiverProblem(waiver, 'rule') ?? unused(waiver, findings, options);
      return found
        ? [finding('waiver-unused', { ...found, path: [...path, 'waive', i], subject, place: placeOf(waiver) })]
        : [];
    }),
  ];
}

/** Problem of a waiver that waives nothing; undefined if it is not known whether the check finds anything. */
function unused({ check }: Waiver, findings: readonly Finding[], options: CheckOptions) {
  const { needs, refinedBy = [] } = CHECKS[check as CheckId];
  // Depends on the routes, which may not be part of this check: lib/alertmanager/checks/rules.ts.
  if (needs === 'rules' || findings.some((found) => found.id === check)) return undefined;
  // For example, dist does not show which labels the collector sets.
  const unknown = [...(needs ? [needs] : []), ...refinedBy].some(
    (option) => options[option as keyof CheckOptions] === undefined,
  );
  return unknown ? undefined : unusedWaiver(check);
}
