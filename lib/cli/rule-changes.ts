import type { Applied } from '../remote-loki/apply';
import type { GroupChange, TenantPlan } from '../remote-loki/plan';
import type { FieldChange, RuleChange } from '../remote-loki/rule-diff';
import type { Paint } from '../text/paint';

const SIGNS = { added: ['+', 'green'], changed: ['~', 'yellow'], removed: ['-', 'red'] } as const;

/** Returns the changes of all tenants by namespace, group, rule and field, and a summary. */
export function formatPlans(plans: readonly TenantPlan[], paint: Paint): string[] {
  const changes = plans.flatMap((plan) => plan.changes);
  const headings = [...new Set(changes.map(headingOf))];
  return [
    ...headings.flatMap((heading) => [
      paint('bold', heading),
      ...changes.filter((change) => headingOf(change) === heading).flatMap((change) => formatGroup(change, paint)),
      '',
    ]),
    summary(plans),
  ];
}

function headingOf({ tenant, namespace }: GroupChange): string {
  return `${tenant === undefined ? '' : `tenant '${tenant}', `}namespace '${namespace}'`;
}

/** `alert 'A' in tenant 'shop'`, for messages. */
export function nameOf({ group, namespace, tenant }: GroupChange): string {
  return `group '${group}' of namespace '${namespace}'${tenant === undefined ? '' : ` of tenant '${tenant}'`}`;
}

function formatGroup({ change, group, fields, rules, reordered }: GroupChange, paint: Paint): string[] {
  return [
    `  ${signed(change, `group '${group}'`, paint)}`,
    ...fields.flatMap((field) => formatField(field, '      ', paint)),
    ...(reordered ? ['      order of the rules'] : []),
    ...rules.flatMap((rule) => formatRule(rule, paint)),
  ];
}

function formatRule({ change, rule, expr, fields }: RuleChange, paint: Paint): string[] {
  return [
    `    ${signed(change, rule, paint)}`,
    ...(expr === undefined ? [] : indented(expr, '        ')),
    ...fields.flatMap((field) => formatField(field, '        ', paint)),
  ];
}

function formatField({ field, before, after }: FieldChange, indent: string, paint: Paint): string[] {
  if (field !== 'expr' && before !== undefined && after !== undefined) {
    return [`${indent}${field}: ${paint('red', before)} → ${paint('green', after)}`];
  }
  if (field !== 'expr') {
    return [`${indent}${signed(before === undefined ? 'added' : 'removed', `${field}: ${before ?? after}`, paint)}`];
  }
  return [
    `${indent}expr:`,
    ...indented(before ?? '', `${indent}  - `).map((line) => paint('red', line)),
    ...indented(after ?? '', `${indent}  + `).map((line) => paint('green', line)),
  ];
}

function signed(change: GroupChange['change'], text: string, paint: Paint): string {
  const [sign, color] = SIGNS[change];
  return paint(color, `${sign} ${text}`);
}

function indented(text: string, indent: string): string[] {
  return text.split('\n').map((line) => `${indent}${line}`.trimEnd());
}

function summary(plans: readonly TenantPlan[]): string {
  const all = plans.flatMap(({ changes }) => changes);
  const count = (kind: GroupChange['change']) => all.filter(({ change }) => change === kind).length;
  const unchanged = plans.reduce((sum, plan) => sum + plan.unchanged, 0);
  if (all.length === 0) return `no changes: ${groups(unchanged)} in the ruler as in the files`;
  return `${groups(count('added'))} to add, ${count('changed')} to change, ${count('removed')} to delete; ${unchanged} unchanged`;
}

function groups(n: number): string {
  return `${n} group${n === 1 ? '' : 's'}`;
}

/** Plans as JSON, for programs. */
export function plansToJson(plans: readonly TenantPlan[]): object[] {
  return plans.map(({ tenant, changes, unchanged, foreign }) => ({
    tenant,
    changes: changes.map(({ wanted: _, tenant: __, ...change }) => change),
    unchanged,
    foreign,
  }));
}

/** Result of a sync as JSON: the groups that were written, that failed, and that were not tried. */
export function appliedToJson({ done, failed, pending }: Applied): object {
  const plain = ({ tenant, namespace, group, change }: GroupChange) => ({ tenant, namespace, group, change });
  return {
    applied: done.map(plain),
    ...(failed && { failed: { ...plain(failed.change), reason: failed.reason } }),
    pending: pending.map(plain),
  };
}
