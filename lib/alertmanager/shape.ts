import { fieldPath, itemPath, type Report } from './report';
import type { Leaf, ObjectOf, Schema } from './schema';

/** Called for every value that has no parts, whose type is right. */
export type LeafVisitor = (path: string, leaf: Leaf, value: unknown) => void;

/**
 * Compares a value with what Alertmanager takes: types, names of fields, forms of texts, what belongs together.
 *
 * @returns whether all types are right, so that the value can be used as what its type says
 */
export function checkShape(value: unknown, schema: Schema, path: string, report: Report, visit: LeafVisitor): boolean {
  switch (schema.kind) {
    case 'object':
      return checkObject(value, schema, path, report, visit);
    case 'map':
      if (!isObject(value)) return wrongType(path, 'names with values', value, report);
      return checkAll(Object.entries(value), ([name, item]) => {
        const at = fieldPath(path, name);
        const problem = schema.nameProblem?.(name);
        if (problem !== undefined) report.error('alertmanager-value', at, problem, 'name');
        return checkShape(item, schema.values, at, report, visit);
      });
    case 'list':
      if (!Array.isArray(value)) return wrongType(path, 'a list', value, report);
      return checkAll(value, (item: unknown, index) =>
        checkItem(item, schema.items, itemPath(path, index), report, visit),
      );
    default:
      return checkLeaf(value, schema, path, report, visit);
  }
}

function checkItem(item: unknown, schema: Schema, path: string, report: Report, visit: LeafVisitor): boolean {
  if (item !== null && item !== undefined) return checkShape(item, schema, path, report, visit);
  const message =
    'is empty, and Alertmanager would crash, or take it for one without any field: write it, or remove the dash';
  report.error('alertmanager-empty-item', path, message);
  return false;
}

function checkObject(value: unknown, schema: ObjectOf, path: string, report: Report, visit: LeafVisitor): boolean {
  if (schema.short && typeof value === 'string') return checkLeaf(value, schema.short, path, report, visit);
  if (!isObject(value)) return wrongType(path, 'fields with values', value, report);
  const right = checkAll(Object.entries(value), ([name, item]) => {
    if (item === undefined) return true;
    const at = fieldPath(path, name);
    const field = Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined;
    if (field) return checkShape(item, field, at, report, visit);
    report.error('alertmanager-unknown-field', at, unknownField(name, schema), 'name');
    return true;
  });
  if (!right) return false;
  for (const rule of schema.rules) {
    const broken = rule(value);
    if (broken) {
      const at = broken.field === undefined ? path : fieldPath(path, broken.field);
      report.error('alertmanager-fields', at, broken.problem, broken.field === undefined ? 'value' : 'name');
    }
  }
  return true;
}

function unknownField(name: string, { newer }: ObjectOf): string {
  const since = newer && Object.hasOwn(newer.fields, name) ? newer.fields[name] : undefined;
  return since === undefined
    ? `Alertmanager knows no field '${name}' here and would not start: correct its spelling, or remove it`
    : `Alertmanager has the field '${name}' since ${since}, and ${newer?.version} would not start: remove it, or upgrade Alertmanager`;
}

function checkLeaf(value: unknown, leaf: Leaf, path: string, report: Report, visit: LeafVisitor): boolean {
  switch (leaf.kind) {
    case 'string':
      if (typeof value !== 'string') return wrongType(path, 'text', value, report);
      break;
    case 'boolean':
      if (typeof value !== 'boolean') return wrongType(path, 'true or false', value, report);
      break;
    case 'integer':
      if (!Number.isInteger(value)) return wrongType(path, 'a whole number', value, report);
      break;
    case 'number':
      if (typeof value !== 'number') return wrongType(path, 'a number', value, report);
  }
  const problem = typeof value === 'string' ? leaf.problem?.(value) : undefined;
  if (problem !== undefined) report.error('alertmanager-value', path, problem);
  visit(path, leaf, value);
  return true;
}

/** As `every`, but it goes through all of them, so that all findings come at once. */
function checkAll<T>(items: readonly T[], check: (item: T, index: number) => boolean): boolean {
  return items.map(check).every(Boolean);
}

function wrongType(path: string, wanted: string, value: unknown, report: Report): false {
  report.error('alertmanager-type', path, `must be ${wanted}, not ${describe(value)}`);
  return false;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'fields with values';
  return typeof value === 'string' && value.length > 80 ? 'a long text' : JSON.stringify(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
