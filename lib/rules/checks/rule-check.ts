import type { CheckId } from '../../checks';
import type { Path } from '../../checks/findings';
import type { Expr, LogQLProblem } from '../../logql';
import type { CheckOptions } from '../check-options';
import type { Rule, RuleFile, RuleGroup } from '../model';

/** What one check found. */
export interface RuleProblem {
  /** Id of a problem that another module found. @default the check's */
  readonly id?: CheckId;
  /** What is wrong, and its effect. */
  readonly problem: string;
  /** What to do. @default the problem says it */
  readonly fix?: string;
  /** Path of the field in the rule, group or file, for instance `['labels', 'severity']`. @default the whole of it */
  readonly field?: readonly string[];
  /** UTF-16 offset in the field's text. @default its start */
  readonly offset?: number;
}

/** A problem that a check found which compares files or rules. */
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

export interface RuleScope extends GroupScope {
  readonly rule: Rule;
  /** The expression, if Loki loads it. */
  readonly query?: Expr;
  /** Why Loki does not load the expression, or can never evaluate it. */
  readonly queryProblems: readonly LogQLProblem[];
}

export type Scope = FileScope | GroupScope | RuleScope;

/** How a check finds its problems: it looks at single files, groups or rules, or compares all rules. */
export interface RuleCheck {
  readonly id: CheckId;
  readonly file?: (scope: FileScope) => Iterable<RuleProblem>;
  readonly group?: (scope: GroupScope) => Iterable<RuleProblem>;
  readonly rule?: (scope: RuleScope) => Iterable<RuleProblem>;
  readonly files?: (scopes: readonly FileScope[]) => Iterable<TargetedProblem<FileScope>>;
  readonly groups?: (scopes: readonly GroupScope[]) => Iterable<TargetedProblem<GroupScope>>;
  readonly rules?: (scopes: readonly RuleScope[]) => Iterable<TargetedProblem<RuleScope>>;
}
