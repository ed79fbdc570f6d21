import type { CheckId } from '../../checks';
import { type Diagnosis, type Finding, finding, type Path } from '../../checks/findings';
import { type Expr, outputLabels, parseLogQL } from '../../logql';
import { isTooDeep } from '../../rules/checks/queries';
import { type AlertRule, isAlert } from '../../rules/model';
import { placeOf } from '../../rules/source';
import type { Rules } from '../input-model';

/** An alert that policies apply to. */
export interface PolicyAlert {
  readonly alert: AlertRule;
  readonly rules: Rules;
  /** Expression, if Loki accepts it. */
  readonly query?: Expr;
  /** True if the label may come from the expression, for instance by grouping. */
  mayReturn(label: string): boolean;
  /** Returns a finding on the alert, or on a field of it. */
  finding(id: CheckId, diagnosis: Diagnosis, field?: readonly string[]): Finding;
}

/** Returns all alerts of the rule files. */
export function alertsIn(rules: readonly Rules[]): PolicyAlert[] {
  return rules.flatMap((each) =>
    each.file.groups.flatMap((group, g) =>
      group.rules.flatMap((rule, r) =>
        isAlert(rule)
          ? [policyAlert(each, rule, `group '${group.name}' of '${each.file.name}'`, ['groups', g, 'rules', r])]
          : [],
      ),
    ),
  );
}

function policyAlert(rules: Rules, alert: AlertRule, group: string, path: Path): PolicyAlert {
  const { expr } = alert.expr ? parseLogQL(alert.expr) : {};
  const query = expr && !isTooDeep(expr) ? expr : undefined;
  const output = query && outputLabels(query);
  return {
    alert,
    rules,
    query,
    mayReturn: (label) => output?.labels.has(label) ?? false,
    finding: (id, diagnosis, field = []) =>
      finding(id, {
        ...diagnosis,
        path: [...path, ...field],
        subject: `alert '${alert.alert}' in ${group}`,
        place: placeOf(alert, field),
      }),
  };
}

/** True if a text of an alert contains a template, so that its value is only known when the alert fires. */
export function hasTemplate(text: string): boolean {
  return text.includes('{{');
}
