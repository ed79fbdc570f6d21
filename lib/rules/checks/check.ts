import type { Severity } from '../../findings';
import type { Rule, RuleFile, RuleGroup } from '../model';
import type { CheckOptions } from '../options';

/** What one check found. */
export interface Problem {
  /** What is wrong, why it matters and what to write instead. */
  readonly message: string;
  /** Path of the field in the rule, group or file, for instance `['labels', 'severity']`. @default the whole of it */
  readonly field?: readonly string[];
  /** UTF-16 offset in the field's text. @default its start */
  readonly offset?: number;
}

/** A problem of one rule among all, found by a check that compares rules. */
export interface RuleProblem extends Problem {
  readonly scope: RuleScope;
}

export interface FileScope {
  readonly file: RuleFile;
  readonly options: CheckOptions;
}

export interface GroupScope extends FileScope {
  readonly group: RuleGroup;
}

export interface RuleScope extends GroupScope {
  readonly rule: Rule;
}

/** One thing that can be wrong; it looks at single files, groups or rules, or compares all rules. */
export interface Check {
  /** Stable, kebab-case; the name of its section in docs/checks/rules.md. */
  readonly id: string;
  readonly severity: Severity;
  readonly file?: (scope: FileScope) => Iterable<Problem>;
  readonly group?: (scope: GroupScope) => Iterable<Problem>;
  readonly rule?: (scope: RuleScope) => Iterable<Problem>;
  readonly rules?: (scopes: readonly RuleScope[]) => Iterable<RuleProblem>;
}
