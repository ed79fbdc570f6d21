import type { CheckId } from '../../checks';
import type { Path } from '../../checks/findings';
import type { Expr, LogQLProblem } from '../../logql';
import type { CheckOptions } from '../check-options';
import type { Rule, RuleFile, RuleGroup } from '../model';

/** One problem that a check found. */
export interface RuleProblem {
  /** Id of the check, if another module found the problem. @default id of the check that reports it */
  readonly id?: CheckId;
  /** The problem, and its effect. */
  readonly problem: string;
  /** Instruction that solves it. @default none, the problem says it */
  readonly fix?: string;
  /** Path of the field in the rule, group or file, for instance `['labels', 'severity']`. @default [], all of it */
  readonly field?: readonly string[];
  /** UTF-16 offset in the field's text. @default 0 */
  readonly offset?: number;
  /** Key of a problem that is reported for the first rule only. @default none, it is reported for each */
  readonly once?: string;
}

/** A problem found by a check that compares files, groups or rules. */
export interface TargetedProblem<Scope> extends RuleProblem {
  readonly target: Scope;
}

export interface FileScope {
  readonly file: RuleFile;
  /** Path of the file, group or rule in the rule file. */
  readonly path: Path;
  readonly options: CheckOptions;
}

export interface GroupScope extends FileScope {
  readonly group: RuleGroup;
}

export interface PlacedRule extends GroupScope {
  readonly rule: Rule;
}

/** A rule with its expression, which is not kept: syntax trees of thousands of rules would fill the memory. */
export interface RuleScope extends PlacedRule {
  /** Expression, if Loki loads it. */
  readonly query?: Expr;
  /** Reasons why Loki does not load the expression, or can never evaluate it. */
  readonly queryProblems: readonly LogQLProblem[];
}

export type Scope = FileScope | GroupScope | PlacedRule;

/** A check: it looks at single files, groups or rules, or compares all of them. */
export interface RuleCheck {
  readonly id: CheckId;
  readonly file?: (scope: FileScope) => Iterable<RuleProblem>;
  readonly group?: (scope: GroupScope) => Iterable<RuleProblem>;
  readonly rule?: (scope: RuleScope) => Iterable<RuleProblem>;
  readonly files?: (scopes: readonly FileScope[]) => Iterable<TargetedProblem<FileScope>>;
  readonly groups?: (scopes: readonly GroupScope[]) => Iterable<TargetedProblem<GroupScope>>;
  readonly rules?: (scopes: readonly PlacedRule[]) => Iterable<TargetedProblem<PlacedRule>>;
}
