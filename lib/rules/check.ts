import type { Finding } from '../findings';
import type { Check, FileScope, GroupScope, Problem, RuleScope } from './checks/check';
import { structureChecks } from './checks/structure';
import { isAlert, type RuleFile } from './model';
import type { CheckOptions } from './options';
import { placeOf, readFindingsOf } from './source';

/** Every check on rules; each has a section in docs/checks/rules.md. */
export const RULE_CHECKS: readonly Check[] = [...structureChecks];

/** Checks rule files: all that is wrong, in the order of the files. */
export function checkRuleFiles(files: readonly RuleFile[], options: CheckOptions = {}): Finding[] {
  return files.flatMap((file) => {
    const scope: FileScope = { file, options };
    return [
      ...readFindingsOf(file),
      ...findings('file', scope, file, `file '${file.name}'`),
      ...file.groups.flatMap((group) => {
        const groupScope: GroupScope = { ...scope, group };
        return [
          ...findings('group', groupScope, group, describeGroup(groupScope)),
          ...group.rules.flatMap((rule) => {
            const ruleScope: RuleScope = { ...groupScope, rule };
            return findings('rule', ruleScope, rule, describeRule(ruleScope));
          }),
        ];
      }),
    ];
  });
}

type Level = 'file' | 'group' | 'rule';

function findings<L extends Level>(
  level: L,
  scope: Parameters<NonNullable<Check[L]>>[0],
  target: object,
  subject: string,
) {
  return RULE_CHECKS.flatMap((check) => {
    const run = check[level] as ((s: typeof scope) => Iterable<Problem>) | undefined;
    return [...(run?.(scope) ?? [])].map(
      ({ message, field, offset }): Finding => ({
        id: check.id,
        severity: check.severity,
        subject,
        message,
        ...placeOf(target, field, offset),
      }),
    );
  });
}

function describeGroup({ file, group }: GroupScope): string {
  return `group '${group.name}' in '${file.name}'`;
}

function describeRule({ file, group, rule }: RuleScope): string {
  const name = isAlert(rule) ? `alert '${rule.alert}'` : `recording rule '${rule.record}'`;
  return `${name} in group '${group.name}' of '${file.name}'`;
}
