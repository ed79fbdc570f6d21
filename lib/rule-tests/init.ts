import { existsSync, writeFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { Document } from 'yaml';
import { finding } from '../checks/findings';
import { type Expr, type LabelMatcher, type LogRange, parseLogQL } from '../logql';
import { checkRuleFiles } from '../rules/check-rules';
import { type AlertRule, isAlert, type RuleGroup } from '../rules/model';
import { readRuleFiles } from '../rules/read';
import { rulesOfTenant } from '../rules/tenant';
import { formatDuration } from '../text/duration';
import { BadInput } from './bad-input';
import { toMs } from './plan';
import type { RuleTestFile } from './test-file';
import { splitThreshold } from './threshold';

/** Returns the path of the first test file for a rule file. */
export function testFileFor(rules: string): string {
  return `${rules.replace(/\.ya?ml$/, '')}.test.yaml`;
}

/**
 * Writes a first test file next to a rule file: for each alert, a test in which it should fire, with lines that match
 * its selector, and one in which it stays silent.
 * @returns the path of the file
 * @throws {BadInput} if the rules cannot be read, or the test file already exists
 */
export function initTestFile(rules: string): string {
  const target = testFileFor(rules);
  const rejection = (problem: string, fix: string) =>
    new BadInput([finding('rule-test-file', { problem, fix, place: { file: target } })]);
  if (existsSync(resolve(target))) throw rejection('already exists', 'remove it, or add tests to it by hand');
  const files = rulesOfTenant(readRuleFiles(rules)) ?? [];
  const broken = checkRuleFiles(files).filter(({ severity }) => severity === 'error');
  if (broken.length > 0) throw new BadInput(broken);
  const groups = files.flatMap((file) => file.groups);
  const tests = groups.flatMap((group) => group.rules.filter(isAlert).flatMap((rule) => firstTests(rule, group)));
  if (tests.length === 0) throw rejection(`no alerting rules in ${rules}`, 'pass a rule file with at least one');
  const content: RuleTestFile = { rule_files: [basename(rules)], evaluation_interval: '1m', tests };
  const document = new Document(content);
  document.commentBefore =
    ` First tests of ${relative('.', rules)}: replace the lines with some that your programs log.\n` +
    ' `loki-alerts test --update` fills in the labels and annotations of the alerts that fire.';
  writeFileSync(resolve(target), document.toString({ lineWidth: 0 }));
  return target;
}

function firstTests(rule: AlertRule, group: RuleGroup): RuleTestFile['tests'] {
  const intervalMs = toMs(group.interval ?? '1m');
  const range = firstRange(parseLogQL(rule.expr).expr);
  const reach = (range?.milliseconds ?? 0) + toMs(rule.for);
  // The first evaluation after the range is full and `for` has passed.
  const fires = Math.max(1, Math.ceil(reach / intervalMs) + 1) * intervalMs;
  const lines = [{ to: formatDuration(fires), rate: rateAbove(rule, range), line: sampleLine(range) }];
  const streams = [{ labels: sampleLabels(range?.selector.matchers ?? []), lines }];
  const absence = /\babsent_over_time\b/.test(rule.expr);
  const at = { eval_time: formatDuration(fires), alertname: rule.alert };
  return [
    {
      name: `${rule.alert} fires`,
      ...(absence ? {} : { input_streams: streams }),
      alert_rule_test: [{ ...at, exp_state: 'firing' }],
    },
    {
      name: `${rule.alert} stays silent`,
      ...(absence ? { input_streams: streams } : {}),
      alert_rule_test: [{ ...at, exp_alerts: [] }],
    },
  ];
}

/** Returns the first log range of an expression. */
function firstRange(expr: Expr | undefined): LogRange | undefined {
  switch (expr?.kind) {
    case 'range':
      return expr.range;
    case 'aggregation':
    case 'label-replace':
      return firstRange(expr.operand);
    case 'binary':
      return firstRange(expr.left) ?? firstRange(expr.right);
    case 'variants':
      return expr.range;
    default:
      return undefined;
  }
}

/** Returns labels that satisfy the matchers; from a regular expression, its first literal alternative. */
function sampleLabels(matchers: readonly LabelMatcher[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const { name, operator, value } of matchers) {
    if (operator === '=' && value.value !== '') labels[name] = value.value;
    if (operator === '=~') labels[name] ??= /^\(?([\w-]+)/.exec(value.value)?.[1] ?? 'example';
  }
  return Object.keys(labels).length > 0 ? labels : { job: 'example' };
}

/** Returns a line with the texts that the line filters require. */
function sampleLine(range: LogRange | undefined): string {
  const wanted = (range?.stages ?? []).flatMap((stage) =>
    stage.kind === 'line-filter' && (stage.operator === '|=' || stage.operator === '|~')
      ? [stage.alternatives[0]?.text.value ?? '']
      : [],
  );
  return [...wanted, 'line {{n}}'].join(' ');
}

/** Returns twice the threshold of a rate or a count, at least one line per second. */
function rateAbove(rule: AlertRule, range: LogRange | undefined): string {
  const threshold = splitThreshold(rule.expr)?.threshold.value ?? 0;
  const perSecond = /\bcount_over_time\b/.test(rule.expr)
    ? threshold / ((range?.milliseconds ?? 1000) / 1000)
    : threshold;
  return `${Math.max(1, Math.ceil(perSecond * 2))}/s`;
}
