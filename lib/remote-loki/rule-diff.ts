import { durationMs } from '../text/duration';
import type { StoredGroup } from './ruler-api';
import { expressionKey } from './same-expression';

/** A field that differs, e.g. `for` or `labels.severity`, with its values as text. */
export interface FieldChange {
  readonly field: string;
  /** @default none, the field is new */
  readonly before?: string;
  /** @default none, the field is removed */
  readonly after?: string;
}

/** A rule that differs. */
export interface RuleChange {
  readonly change: 'added' | 'changed' | 'removed';
  /** `alert 'HighErrorRate'` */
  readonly rule: string;
  /** Expression of an added or removed rule. */
  readonly expr?: string;
  /** Fields of a changed rule. */
  readonly fields: readonly FieldChange[];
}

/** Differences of two versions of a group. */
export interface GroupDiff {
  /** Fields of the group itself. */
  readonly fields: readonly FieldChange[];
  readonly rules: readonly RuleChange[];
  /** True if rules that both versions have are evaluated in another order. */
  readonly reordered: boolean;
}

/** Value of a field: the text to compare, and to show. */
interface Value {
  readonly key: string;
  readonly shown: string;
}

type Fields = ReadonlyMap<string, Value>;

interface ReadRule {
  readonly name: string;
  readonly expr: string;
  readonly fields: Fields;
}

/** Rules as Loki stores them and as the model has them. */
type AnyGroup = Omit<StoredGroup, 'rules'> & { readonly rules: readonly object[] };

/** Compares two versions of a group by their meaning: a missing version has no rules. */
export function diffGroups(before: AnyGroup | undefined, after: AnyGroup | undefined): GroupDiff {
  const old = (before?.rules ?? []).map(readRule);
  const now = (after?.rules ?? []).map(readRule);
  const partner = pairs(old, now);
  const kept = now.flatMap((rule) => partner.get(rule) ?? []);
  return {
    fields: before && after ? diffFields(fieldsOf(before, ['rules', 'name']), fieldsOf(after, ['rules', 'name'])) : [],
    rules: [
      ...now.flatMap((rule): RuleChange[] => {
        const same = partner.get(rule);
        if (!same) return [{ change: 'added', rule: rule.name, expr: rule.expr, fields: [] }];
        const fields = diffFields(same.fields, rule.fields);
        return fields.length > 0 ? [{ change: 'changed', rule: rule.name, fields }] : [];
      }),
      ...old
        .filter((rule) => !kept.includes(rule))
        .map((rule): RuleChange => ({ change: 'removed', rule: rule.name, expr: rule.expr, fields: [] })),
    ],
    reordered: kept.some((rule, i) => i > 0 && old.indexOf(rule) < old.indexOf(kept[i - 1] as ReadRule)),
  };
}

/** True if both versions have the same meaning. */
export function isUnchanged({ fields, rules, reordered }: GroupDiff): boolean {
  return fields.length === 0 && rules.length === 0 && !reordered;
}

/** Each new rule with the old rule of the same name that resembles it most, if there is one. */
function pairs(old: readonly ReadRule[], now: readonly ReadRule[]): Map<ReadRule, ReadRule> {
  const found = new Map<ReadRule, ReadRule>();
  const free = new Set(old);
  const labels = ({ fields }: ReadRule) =>
    JSON.stringify(
      [...fields].filter(([field]) => field.startsWith('labels.')).map(([field, { key }]) => [field, key]),
    );
  const alike: ((a: ReadRule, b: ReadRule) => boolean)[] = [
    (a, b) => diffFields(a.fields, b.fields).length === 0,
    // Alerts of one name usually differ in their severity.
    (a, b) => labels(a) === labels(b),
    () => true,
  ];
  for (const isAlike of alike) {
    for (const rule of now) {
      if (found.has(rule)) continue;
      const partner = [...free].find((each) => each.name === rule.name && isAlike(each, rule));
      if (!partner) continue;
      found.set(rule, partner);
      free.delete(partner);
    }
  }
  return found;
}

function readRule(rule: object): ReadRule {
  const { alert, record, expr } = rule as { alert?: unknown; record?: unknown; expr?: unknown };
  const name = alert ? `alert '${alert}'` : `recording rule '${record ?? ''}'`;
  return { name, expr: `${expr ?? ''}`.trim(), fields: fieldsOf(rule, ['alert', 'record', 'waive']) };
}

function fieldsOf(object: object, omitted: readonly string[]): Fields {
  const fields = new Map<string, Value>();
  for (const [field, value] of Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (omitted.includes(field)) continue;
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    const entries = isMap
      ? Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, each]) => [`${field}.${key}`, each] as const)
      : [[field, value] as const];
    for (const [name, each] of entries) {
      const read = readValue(field, each);
      if (read) fields.set(name, read);
    }
  }
  return fields;
}

const DURATIONS: ReadonlySet<string> = new Set(['for', 'interval', 'keep_firing_for', 'query_offset']);

/** Value of a field; undefined for one that equals its default, which Loki leaves out. */
function readValue(field: string, value: unknown): Value | undefined {
  if (value === undefined || value === null || value === '' || (field === 'limit' && value === 0)) return undefined;
  if (DURATIONS.has(field)) {
    const ms = durationMs(`${value}`);
    return ms === 0 ? undefined : { key: `${ms ?? value}`, shown: `${value}` };
  }
  if (field === 'expr') return { key: expressionKey(`${value}`), shown: `${value}`.trim() };
  if (Array.isArray(value))
    return value.length > 0 ? { key: JSON.stringify(value), shown: JSON.stringify(value) } : undefined;
  return { key: `${value}`, shown: typeof value === 'string' ? JSON.stringify(value) : `${value}` };
}

/** Fields that are shown before the others. */
const FIRST: readonly string[] = ['expr', 'for'];

function diffFields(before: Fields, after: Fields): FieldChange[] {
  const rank = (field: string) => FIRST.indexOf(field) + 1 || FIRST.length + 1;
  const names = [...new Set([...before.keys(), ...after.keys()])].sort((a, b) => rank(a) - rank(b));
  return names.flatMap((field) => {
    const [old, now] = [before.get(field), after.get(field)];
    return old?.key === now?.key ? [] : [{ field, before: old?.shown, after: now?.shown }];
  });
}
