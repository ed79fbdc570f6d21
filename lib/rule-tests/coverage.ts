import { type Finding, finding } from '../checks/findings';
import { parseLogQL, readsLogs } from '../logql';
import { type AlertRule, alertsOf, type RuleFile } from '../rules/model';
import { placeOf } from '../rules/source';
import type { PlannedFile } from './plan';
import type { TestResult } from './result';

/**
 * Returns the alerts that fire in no passing test, or stay silent in none. An alert that reads no logs, such as the
 * `vector(1)` of a dead man's switch, need not stay silent: it always fires.
 * @param options `others`: rule files next to the tests, which may have no test at all; `required`: each is an error
 */
export function uncovered(
  files: readonly PlannedFile[],
  results: readonly TestResult[],
  { others = [], required = false }: { readonly others?: readonly RuleFile[]; readonly required?: boolean } = {},
): Finding[] {
  const rules = [...files.flatMap(({ alerts }) => alerts.map(({ rule }) => rule)), ...alertsOf(others)];
  // Several test files may use the same rule file.
  const alerts = new Map(rules.map((rule) => [`${placeOf(rule)?.file} ${rule.alert}`, rule]));
  const seen = results
    .filter(({ passed }) => passed)
    .flatMap((result) => [...result.alerts].map(([alert, { fired }]) => `${fired} ${alert}`));
  const outcomes = new Set(seen);
  return [...alerts.values()].flatMap((rule) => {
    const missing = [
      ...(outcomes.has(`true ${rule.alert}`) ? [] : ['in which it fires']),
      ...(outcomes.has(`false ${rule.alert}`) || !canBeSilent(rule) ? [] : ['in which it stays silent']),
    ];
    if (missing.length === 0) return [];
    return [
      finding('rule-test-coverage', {
        subject: `alert '${rule.alert}'`,
        problem: `no passing test ${missing.join(', and none ')}`,
        fix: 'add a test with "alert_rule_test"',
        place: placeOf(rule),
        ...(required && { severity: 'error' }),
      }),
    ];
  });
}

function canBeSilent({ expr: text }: AlertRule): boolean {
  const { expr } = parseLogQL(text);
  return !expr || readsLogs(expr);
}
