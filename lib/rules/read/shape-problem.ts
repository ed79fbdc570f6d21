import type { FoundRules, RuleShape } from './rule-shapes';

const UNDER_GROUPS = "add 'groups:' and under it '- name: …' with 'rules:'";

const PROBLEMS: Readonly<
  Record<
    Exclude<RuleShape, 'groups' | 'no-groups-key' | 'no-rules-key' | 'namespaces'>,
    readonly [what: string, fix: string]
  >
> = {
  group: ['one rule group', "add 'groups:' above it, and start the group with '- '"],
  'group-list': ['a list of rule groups', "add 'groups:' above it"],
  'rule-list': ['a list of rules', `${UNDER_GROUPS} above it`],
  rule: ['one rule', `${UNDER_GROUPS} above it, and start the rule with '- '`],
};

/** Problem of rules that Loki cannot find in their file. */
export function shapeProblem({ shape, key }: FoundRules): { readonly problem: string; readonly fix: string } {
  if (shape === 'groups') throw new Error('rules under groups have the right shape');
  if (shape === 'no-groups-key') {
    return {
      problem: `unknown field "${key}", which contains the rule groups: Loki refuses the whole file`,
      fix: "rename it to 'groups'",
    };
  }
  if (shape === 'no-rules-key') {
    return {
      problem: `unknown field "${key}", which contains the rules: Loki refuses the whole file`,
      fix: "rename it to 'rules', and add 'groups:' and under it '- name: …' above it",
    };
  }
  if (shape === 'namespaces') {
    return {
      problem: "rule groups by namespace, as Loki's API returns them: Loki refuses the whole file",
      fix: "move the groups of each namespace to a file of their own, under 'groups:'",
    };
  }
  const [what, fix] = PROBLEMS[shape];
  return { problem: `${what} without 'groups': Loki refuses the whole file`, fix };
}
