import { CHECKS } from '../checks';
import { type Finding, finding, notWaived } from '../checks/findings';
import { neverEvaluates, parseLogQL } from '../logql';
import { DEFAULT_LOKI, isBetween, type LokiVersion } from '../versions/loki';
import type { CheckOptions } from './check-options';
import { RULE_CHECKS } from './checks';
import { isTooDeep } from './checks/queries';
import type {
  FileScope,
  GroupScope,
  PlacedRule,
  RuleCheck,
  RuleProblem,
  RuleScope,
  Scope,
  TargetedProblem,
} from './checks/rule-check';
import { isAlert, type Rule, type RuleFile } from './model';
import { placeOf, readFindingsOf } from './source';
import { aboutTenant, byTenant, tenantOf } from './tenant';
import { applyWaivers } from './waivers';

/**
 * Maximum number of problems that one check reports for one rule, group or file: more would only repeat the first ones.
 */
const MAX_PROBLEMS = 20;

/**
 * Checks rule files and returns all findings in the order of the files, including those from reading the files.
 * Warnings that a rule waives are omitted unless `keepWaived` is set.
 *
 * @example
 * const findings = checkRuleFiles(readRuleFiles('rules/*.yaml'), { severities: ['warning', 'critical'] });
 * if (findings.some(({ severity }) => severity === 'error')) process.exitCode = 1;
 */
export function checkRuleFiles(files: readonly RuleFile[], options: CheckOptions = {}): Finding[] {
  const scopes = scopesOf(files, options);
  const checks = RULE_CHECKS.filter((check) => existsIn(options.lokiVersion ?? DEFAULT_LOKI, check));
  const found = new Map<Scope, { readonly order: number; readonly finding: Finding }[]>();
  for (const { check, target, ...problem } of [...problemsOfRules(checks, scopes), ...otherProblems(checks, scopes)]) {
    const each = { order: checks.indexOf(check), finding: toFinding(check, target, problem) };
    const list = found.get(target);
    if (list) list.push(each);
    else found.set(target, [each]);
  }
  const of = (scope: Scope) =>
    (found.get(scope) ?? []).sort((one, other) => one.order - other.order).map(({ finding }) => finding);
  const all = scopes.inOrder.flatMap((scope) => {
    if ('rule' in scope) return applyWaivers(scope, subjectOf(scope), of(scope));
    return 'group' in scope ? of(scope) : [...readFindingsOf(scope.file), ...of(scope)];
  });
  return options.keepWaived ? all : notWaived(all);
}

/**
 * Checks rule files tenant by tenant: different tenants may have the same rule.
 * @param fallback tenant of files without one @default none
 */
export function checkTenantRuleFiles(
  files: readonly RuleFile[],
  options: CheckOptions = {},
  fallback?: string,
): Finding[] {
  return [...byTenant(files, fallback)].flatMap(([tenant, own]) =>
    checkRuleFiles(own, options).map((found) =>
      aboutTenant(own.some((file) => tenantOf(file) !== undefined) ? tenant : undefined, found),
    ),
  );
}

/** True if the problem of a check exists in a version of Loki. */
function existsIn(version: LokiVersion, { id }: RuleCheck): boolean {
  const { since, until } = CHECKS[id];
  return isBetween(version, since?.loki, until?.loki);
}

interface Scopes {
  readonly files: readonly FileScope[];
  readonly groups: readonly GroupScope[];
  readonly rules: readonly PlacedRule[];
  /** Each file before its groups, each group before its rules. */
  readonly inOrder: readonly Scope[];
}

function scopesOf(ruleFiles: readonly RuleFile[], options: CheckOptions): Scopes {
  const files: FileScope[] = [];
  const groups: GroupScope[] = [];
  const rules: PlacedRule[] = [];
  const inOrder: Scope[] = [];
  const add = <T extends Scope>(list: T[], scope: T): T => {
    list.push(scope);
    inOrder.push(scope);
    return scope;
  };
  for (const file of ruleFiles) {
    const fileScope = add(files, { file, path: [], options });
    for (const [g, group] of file.groups.entries()) {
      const groupScope = add(groups, { ...fileScope, path: ['groups', g], group });
      for (const [r, rule] of group.rules.entries())
        add(rules, { ...groupScope, path: [...groupScope.path, 'rules', r], rule });
    }
  }
  return { files, groups, rules, inOrder };
}

function readQuery({ expr }: Rule): Pick<RuleScope, 'query' | 'queryProblems'> {
  if (!expr) return { queryProblems: [] };
  const { expr: query, problems } = parseLogQL(expr);
  if (!query) return { queryProblems: problems };
  return { queryProblems: neverEvaluates(query), ...(!isTooDeep(query) && { query }) };
}

interface FoundProblem extends TargetedProblem<Scope> {
  readonly check: RuleCheck;
}

/** Problems of single rules. */
function* problemsOfRules(checks: readonly RuleCheck[], { rules }: Scopes): Iterable<FoundProblem> {
  const reported = new Set<string>();
  for (const target of rules) {
    const scope = { ...target, ...readQuery(target.rule) };
    for (const check of checks) {
      for (const problem of first(check.rule?.(scope) ?? [])) {
        const key = problem.once === undefined ? undefined : `${problem.id ?? check.id} ${problem.once}`;
        if (key !== undefined && reported.has(key)) continue;
        if (key !== undefined) reported.add(key);
        yield { ...problem, check, target };
      }
    }
  }
}

/** Problems of files and groups, and between rules. */
function* otherProblems(checks: readonly RuleCheck[], { files, groups, rules }: Scopes): Iterable<FoundProblem> {
  for (const check of checks) {
    const between = [
      ...(check.files?.(files) ?? []),
      ...(check.groups?.(groups) ?? []),
      ...(check.rules?.(rules) ?? []),
    ];
    for (const problem of between) yield { ...problem, check };
    for (const target of files)
      for (const problem of first(check.file?.(target) ?? [])) yield { ...problem, check, target };
    for (const target of groups)
      for (const problem of first(check.group?.(target) ?? [])) yield { ...problem, check, target };
  }
}

function* first(problems: Iterable<RuleProblem>): Iterable<RuleProblem> {
  let count = 0;
  for (const problem of problems) {
    if (++count > MAX_PROBLEMS) return;
    yield problem;
  }
}

function toFinding(check: RuleCheck, scope: Scope, { id, problem, fix, field = [], offset }: RuleProblem): Finding {
  const target = 'rule' in scope ? scope.rule : 'group' in scope ? scope.group : scope.file;
  return finding(id ?? check.id, {
    path: [...scope.path, ...field],
    subject: subjectOf(scope),
    problem,
    fix,
    place: placeOf(target, field, offset),
  });
}

/** Name of a rule, group or file, for messages. */
export function subjectOf(
  scope: Pick<FileScope, 'file'> | Pick<GroupScope, 'file' | 'group'> | Pick<RuleScope, 'file' | 'group' | 'rule'>,
): string {
  const file = `'${scope.file.name}'`;
  if ('rule' in scope) {
    const { rule, group } = scope;
    const name = isAlert(rule) ? `alert '${rule.alert}'` : `recording rule '${rule.record ?? ''}'`;
    return `${name} in group '${group.name}' of ${file}`;
  }
  return 'group' in scope ? `group '${scope.group.name}' of ${file}` : `file ${file}`;
}
