import type { Finding } from '../findings';
import { RULE_CHECKS } from './checks';
import type { Rule, Waiver } from './model';
import type { CheckOptions } from './options';
import { placeOf } from './source';

/** Only warnings can be waived: with an error the rule does not load, never fires, or is not what it says. */
const WAIVABLE: ReadonlySet<string> = new Set(
  RULE_CHECKS.filter(({ severity }) => severity === 'warning').map(({ id }) => id),
);
const KNOWN: ReadonlySet<string> = new Set(RULE_CHECKS.map(({ id }) => id));

/** Warnings about a rule that the routes decide: lib/alertmanager/check-rules.ts */
const OF_ROUTES: ReadonlySet<string> = new Set(['route-catch-all-only']);

/** Leaves out the warnings that the rule waives, and reports the waivers that waive nothing. */
export function applyWaivers(
  { waive = [] }: Rule,
  subject: string,
  findings: readonly Finding[],
  options: CheckOptions,
): readonly Finding[] {
  if (waive.length === 0) return findings;
  const waived = new Set(waive.filter((waiver) => !problemOf(waiver, findings, options)).map(({ check }) => check));
  return [
    ...findings.filter(({ id }) => !waived.has(id)),
    ...waive.flatMap((waiver): Finding[] => {
      const message = problemOf(waiver, findings, options);
      return message ? [{ id: 'waiver-unused', severity: 'warning', subject, message, ...placeOf(waiver) }] : [];
    }),
  ];
}

/** Why a waiver does not count. */
function problemOf({ check, reason }: Waiver, findings: readonly Finding[], options: CheckOptions): string | undefined {
  if (OF_ROUTES.has(check)) return undefined;
  const found = findings.some(({ id }) => id === check);
  if (WAIVABLE.has(check)) {
    if (reason.trim() === '')
      return `the waiver of '${check}' gives no reason, so it does not count; write 'because …' behind it`;
    return found || isBlind(check, options) ? undefined : `the waiver of '${check}' waives nothing; remove it`;
  }
  return KNOWN.has(check) || found
    ? `'${check}' is an error and can't be waived: Loki refuses such a rule or can't run it as it is meant; correct the rule and remove the waiver`
    : `there is no check '${check}' of rules to waive; docs/checks/rules.md has the names`;
}

/** Whether the check would have to know more: dist says nothing of the labels that its collector sets. */
function isBlind(check: string, options: CheckOptions): boolean {
  const { dependsOn } = RULE_CHECKS.find(({ id }) => id === check) ?? {};
  return dependsOn !== undefined && options[dependsOn] === undefined;
}
