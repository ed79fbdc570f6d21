import { type Finding, finding } from '../checks/findings';
import { parseLogQL, readsLogs } from '../logql';
import { type AlertRule, alertsOf, type RuleFile } from '../rules/model';
import { placeOf } from '../rules/source';
import type { PlannedFile } from './plan';
import type { TestResult } from './result';

/**
 * The alerts that no passing test sees fire, and those that none sees stay silent from its start to its end. An alert
 * that reads no log, as `vector(1)` of a dead man's switch, has no silence that a test could see.
 * @param others rule files that lie beside the tests and may have no test at all
 */
export function uncovered(
  files: readonly PlannedFile[],
  results: readonly TestResult[],
  others: readonly RuleFile[] = [],
): Finding[] {
  const rules = [...files.flatMap(({ alerts }) => alerts.map(({ rule }) => rule)), ...alertsOf(others)];
  // The same rule file may be named by several test files.
  const alerts = new Map(rules.map((rule) => [`${placeOf(rule)?.file} ${rule.alert}`, rule]));
  const seen = results
    .filter(({ passed }) => passed)
    .flatMap((result) => [...result.alerts].map(([alert, { fired }]) => `${fired} ${alert}`));
  const outcomes = new Set(seen);
  return [...alerts.values()].flatMap((rule) => {
    const missing = [
      ...(outcomes.has(`true ${rule.alert}`) ? [] : ['sees it fire']),
      ...(outcomes.has(`false ${rule.alert}`) || !canBeSilent(rule) ? [] : ['sees it stay silent']),
    ];
    if (missing.length === 0) return [];
    return [
      finding('rule-test-coverage', {
        subject: `alert '${rule.alert}'`,
        problem: `no passing test ${missing.join(', and none ')}`,
        fix: 'add a test with alert_rule_test',
        place: placeOf(rule),
      }),
    ];
  });
}

function canBeSilent({ expr: text }: AlertRule): boolean {
  const { expr } = parseLogQL(text);
  return !expr || readsLogs(expr);
}
