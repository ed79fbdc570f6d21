import type { FoundRules, RuleShape } from './rule-shapes';

const UNDER_GROUPS = "write 'groups:' and below it '- name: …' with 'rules:'";

const PROBLEMS: Readonly<Record<Exclude<RuleShape, 'groups' | 'no-groups-key'>, readonly [what: string, fix: string]>> =
  {
    group: ['this is one rule group', "write 'groups:' above it, and the group as its first entry, with '- '"],
    'group-list': ['this is a list of rule groups', "write 'groups:' above it"],
    'rule-list': ['this is a list of rules', `${UNDER_GROUPS} above it`],
    rule: ['this is one rule', `${UNDER_GROUPS} above it, and the rule with '- '`],
  };

/** What is wrong with rules that Loki can't find in their file. */
export function shapeProblem({ shape, key }: FoundRules): string {
  if (shape === 'groups') throw new Error('rules under groups are where they belong');
  if (shape === 'no-groups-key') {
    return `'${key}' holds rule groups, and a rule file has only 'groups', so Loki refuses the whole file; rename it to 'groups'`;
  }
  const [what, fix] = PROBLEMS[shape];
  return `${what} without 'groups', so Loki refuses the whole file; ${fix}`;
}
