import { existsSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { Document } from 'yaml';
import { type Finding, finding } from '../checks/findings';
import { checkRuleFiles } from '../rules/check-rules';
import { isAlert } from '../rules/model';
import { readRuleFiles } from '../rules/read';
import { placeOf } from '../rules/source';
import { rulesOfTenant } from '../rules/tenant';
import { BadInput } from './bad-input';
import { firstTests } from './first-tests';
import type { TestLoki } from './loki';
import { rulerInterval } from './ruler-interval';
import type { RuleTestFile } from './test-file';

/** Result of writing a first test file. */
export interface InitResult {
  /** Number of alerts. */
  readonly alerts: number;
  /** Alerts whose first test fails: Loki returned no result for the lines that were tried. */
  readonly failing: readonly Finding[];
}

/**
 * Writes a first test file for a rule file: for each alert, a test in which it should fire, with lines that its
 * selector and pipeline accept, and one in which it stays silent.
 * @param target path of the test file
 * @param loki confirms the tests @default they are not confirmed
 * @throws {BadInput} if the rules cannot be read, or the test file already exists
 */
export async function initTestFile(rules: string, target: string, loki?: TestLoki): Promise<InitResult> {
  const rejection = (problem: string, fix: string) =>
    new BadInput([finding('rule-test-file', { problem, fix, place: { file: target } })]);
  if (existsSync(resolve(target))) throw rejection('already exists', 'remove it, or add tests to it by hand');
  const files = rulesOfTenant(readRuleFiles(rules)) ?? [];
  const broken = checkRuleFiles(files).filter(({ severity }) => severity === 'error');
  if (broken.length > 0) throw new BadInput(broken);
  const alerts = files.flatMap(({ groups }) =>
    groups.flatMap((group) => group.rules.filter(isAlert).map((rule) => ({ rule, group }))),
  );
  if (alerts.length === 0) throw rejection(`no alerting rules in ${rules}`, 'pass a rule file with at least one');
  const defaultInterval = rulerInterval(rules)?.interval ?? '1m';
  const tests: RuleTestFile['tests'][number][] = [];
  const failing: Finding[] = [];
  for (const { rule, group } of alerts) {
    const first = await firstTests(rule, { ...group, interval: group.interval ?? defaultInterval }, loki);
    tests.push(...first.tests);
    if (first.problem === undefined) continue;
    failing.push(
      finding('rule-test-coverage', {
        subject: `alert '${rule.alert}'`,
        problem: `its first test fails: ${first.problem}`,
        fix: `write lines for which it fires in ${target}`,
        place: placeOf(rule, ['expr']),
      }),
    );
  }
  const ruleFile = relative(dirname(resolve(target)), resolve(rules));
  const content: RuleTestFile = { rule_files: [ruleFile], evaluation_interval: defaultInterval, tests };
  const document = new Document(content, { aliasDuplicateObjects: false });
  document.commentBefore =
    ` First tests of ${relative('.', rules)}: replace the lines with some that your programs log.\n` +
    ' `loki-alerts test --update` fills in the labels and annotations of the alerts that fire.';
  writeFileSync(resolve(target), document.toString({ lineWidth: 0 }));
  return { alerts: alerts.length, failing };
}
