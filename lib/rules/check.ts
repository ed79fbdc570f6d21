import type { Finding } from '../findings';
import { neverEvaluates, parseLogQL } from '../logql';
import { RULE_CHECKS } from './checks';
import type { Check, FileScope, GroupScope, Problem, RuleScope } from './checks/check';
import { isTooDeep } from './checks/queries';
import { isAlert, type Rule, type RuleFile } from './model';
import type { CheckOptions } from './options';
import { placeOf, readFindingsOf } from './source';
import { applyWaivers } from './waivers';

/**
 * Checks rule files: all that is wrong with them, and what was wrong when they were read, in the order of the files.
 * Warnings that a rule waives are left out.
 */
export function checkRuleFiles(files: readonly RuleFile[], options: CheckOptions = {}): Finding[] {
  const fileScopes = files.map((file): FileScope => ({ file, options }));
  const groupScopes = fileScopes.flatMap((scope) =>
    scope.file.groups.map((group): GroupScope => ({ ...scope, group })),
  );
  const ruleScopes = groupScopes.flatMap((scope) => scope.group.rules.map((rule) => ruleScope(scope, rule)));
  const found = new Map<FileScope, Finding[]>();
  const add = (scope: FileScope, finding: Finding) => {
    const list = found.get(scope);
    if (list) list.push(finding);
    else found.set(scope, [finding]);
  };
  for (const check of RULE_CHECKS) {
    for (const { target, ...problem } of check.files?.(fileScopes) ?? [])
      add(target, fileFinding(check, target, problem));
    for (const { target, ...problem } of check.rules?.(ruleScopes) ?? [])
      add(target, ruleFinding(check, target, problem));
    for (const scope of fileScopes)
      for (const problem of check.file?.(scope) ?? []) add(scope, fileFinding(check, scope, problem));
    for (const scope of groupScopes)
      for (const problem of check.group?.(scope) ?? []) add(scope, groupFinding(check, scope, problem));
    for (const scope of ruleScopes)
      for (const problem of check.rule?.(scope) ?? []) add(scope, ruleFinding(check, scope, problem));
  }
  const [groups, rules] = [groupScopes.values(), ruleScopes.values()];
  const take = <T>(scopes: Iterator<T, undefined>) => scopes.next().value as T;
  return fileScopes.flatMap((scope) => [
    ...readFindingsOf(scope.file),
    ...(found.get(scope) ?? []),
    ...scope.file.groups.flatMap((group) => [
      ...(found.get(take(groups)) ?? []),
      ...group.rules.flatMap(() => {
        const rule = take(rules);
        return applyWaivers(rule, describeRule(rule), found.get(rule) ?? []);
      }),
    ]),
  ]);
}

function ruleScope(scope: GroupScope, rule: Rule): RuleScope {
  if (!rule.expr) return { ...scope, rule, queryProblems: [] };
  const { expr, problems } = parseLogQL(rule.expr);
  if (!expr) return { ...scope, rule, queryProblems: problems };
  return { ...scope, rule, queryProblems: neverEvaluates(expr), ...(!isTooDeep(expr) && { query: expr }) };
}

function fileFinding(check: Check, { file }: FileScope, problem: Problem): Finding {
  return finding(check, file, `file '${file.name}'`, problem);
}

function groupFinding(check: Check, { file, group }: GroupScope, problem: Problem): Finding {
  return finding(check, group, `group '${group.name}' of '${file.name}'`, problem);
}

function ruleFinding(check: Check, scope: RuleScope, problem: Problem): Finding {
  return finding(check, scope.rule, describeRule(scope), problem);
}

function describeRule({ file, group, rule }: RuleScope): string {
  const name = isAlert(rule) ? `alert '${rule.alert}'` : `recording rule '${rule.record ?? ''}'`;
  return `${name} in group '${group.name}' of '${file.name}'`;
}

function finding(check: Check, target: object, subject: string, { id, message, field, offset }: Problem): Finding {
  return { id: id ?? check.id, severity: check.severity, subject, message, ...placeOf(target, field, offset) };
}
