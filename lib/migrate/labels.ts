import { COLLECTOR_LABELS } from '../collector/labels';
import type { Finding } from '../findings';
import { type Expr, parseLogQL, sources } from '../logql';
import { groupedBy } from '../rules/checks/queries';
import { isAlert, type Rule, type RuleFile } from '../rules/model';
import { placeOf } from '../rules/source';

/** Labels that Loki adds to lines by itself. */
const LOKI_LABELS = ['detected_level'];

/** Labels that every line has. */
export const KNOWN_LABELS: readonly string[] = [...COLLECTOR_LABELS, ...LOKI_LABELS];

/** Where a rule counts on labels as another collector sets them; selectors by unknown labels the rule checks name. */
export function checkForeignLabels(files: readonly RuleFile[]): Finding[] {
  return files.flatMap(({ name, groups }) =>
    groups.flatMap((group) =>
      group.rules.flatMap((rule) => {
        const { expr: query } = parseLogQL(rule.expr);
        if (!query) return [];
        const what = isAlert(rule) ? `alert '${rule.alert}'` : `recording rule '${rule.record}'`;
        const subject = `${what} in group '${group.name}' of '${name}'`;
        return [...foreignJobs(query), ...foreignGroups(query)].map(({ severity, offset, message }) => ({
          id: 'migrate-label',
          severity,
          subject,
          message,
          ...placeOfExpr(rule, offset),
        }));
      }),
    ),
  );
}

type Problem = Pick<Finding, 'severity' | 'message'> & { readonly offset?: number };

const placeOfExpr = (rule: Rule, offset?: number) => placeOf(rule, ['expr'], offset);

function foreignJobs(query: Expr): Problem[] {
  return [...sources(query)].flatMap(({ selector }) =>
    selector.matchers
      .filter(({ name, operator, value }) => name === 'job' && operator === '=' && !value.value.includes('/'))
      .map(({ value, from }) => ({
        severity: 'error' as const,
        offset: from,
        message: `selects nothing: the label job is '<namespace>/<app>' here, and never '${value.value}'; write {namespace="…", app="…"}`,
      })),
  );
}

/** Whether a query may give its series any label, and so nothing can be said of them. */
export function hasParser(query: Expr): boolean {
  return [...sources(query)].some(({ stages }) =>
    stages.some(({ kind }) => kind === 'parser' || kind === 'label-format'),
  );
}

function foreignGroups(query: Expr): Problem[] {
  if (hasParser(query)) return [];
  return [...new Set(groupedBy(query))]
    .filter((label) => !KNOWN_LABELS.includes(label))
    .map((label) => ({
      severity: 'error' as const,
      message: `groups by '${label}', which the collector does not set, so that everything is one group; it sets ${COLLECTOR_LABELS.join(', ')}`,
    }));
}
