import type { Finding } from '../findings';
import { RULE_CHECKS } from './checks';
import type { Rule, Waiver } from './model';
import { placeOf } from './source';

/** Only warnings can be waived: with an error the rule does not load, never fires, or is not what it says. */
const WAIVABLE: ReadonlySet<string> = new Set(
  RULE_CHECKS.filter(({ severity }) => severity === 'warning').map(({ id }) => id),
);
const KNOWN: ReadonlySet<string> = new Set(RULE_CHECKS.map(({ id }) => id));

/** Warnings about a rule that the routes decide: lib/alertmanager/check-rules.ts */
const OF_ROUTES: ReadonlySet<string> = new Set(['route-catch-all-only']);

/** Leaves out the warnings that the rule waives, and reports the waivers that waive nothing. */
export function applyWaivers({ waive = [] }: Rule, subject: string, findings: readonly Finding[]): readonly Finding[] {
  if (waive.length === 0) return findings;
  const waived = new Set(waive.filter((waiver) => !problemOf(waiver, findings)).map(({ check }) => check));
  return [
    ...findings.filter(({ id }) => !waived.has(id)),
    ...waive.flatMap((waiver): Finding[] => {
      const message = problemOf(waiver, findings);
      return message ? [{ id: 'waiver-unused', severity: 'warning', subject, message, ...placeOf(waiver) }] : [];
    }),
  ];
}

/** Why a waiver does not count. */
function problemOf({ check, reason }: Waiver, findings: readonly Finding[]): string | undefined {
  if (OF_ROUTES.has(check)) return undefined;
  const found = findings.some(({ id }) => id === check);
  if (WAIVABLE.has(check)) {
    if (reason.trim() === '')
      return `the waiver of '${check}' gives no reason, so it does not count; write 'because …' behind it`;
    return found ? undefined : `the waiver of '${check}' waives nothing; remove it`;
  }
  return KNOWN.has(check) || found
    ? `'${check}' is an error and can't be waived: Loki refuses such a rule or can't run it as it is meant; correct the rule and remove the waiver`
    : `there is no check '${check}' of rules to waive; docs/checks/rules.md has the names`;
}
