import type { Diagnosis, Path } from '../../checks/findings';
import { unexpandedIn } from '../../credentials';
import { didYouMean } from '../../text/did-you-mean';
import type { ConfigFindings } from './config-findings';
import type { Leaf, ObjectOf, Schema } from './schema';
import { variableProblem } from './variables';

/** Called for every leaf of the schema whose value has the right type. */
export type LeafVisitor = (path: Path, leaf: Leaf, value: unknown) => void;

/**
 * Checks a value against a schema: types, field names, forms of strings, rules between fields.
 *
 * @returns true if all types are right, so that the value can be used as its TypeScript type
 */
export function checkShape(
  value: unknown,
  schema: Schema,
  path: Path,
  report: ConfigFindings,
  visit: LeafVisitor,
): boolean {
  switch (schema.kind) {
    case 'object':
      return checkObject(value, schema, path, report, visit);
    case 'map':
      if (!isObject(value)) return wrongType(path, 'a map', value, report);
      return checkAll(Object.entries(value), ([name, item]) => {
        const at = [...path, name];
        const problem = schema.nameProblem?.(name);
        if (problem !== undefined) report.add('alertmanager-value', at, problem, 'name');
        return checkShape(item, schema.values, at, report, visit);
      });
    case 'list':
      if (!Array.isArray(value)) return wrongType(path, 'a list', value, report);
      return checkAll(value, (item: unknown, index) => checkItem(item, schema.items, [...path, index], report, visit));
    default:
      return checkLeaf(value, schema, path, report, visit);
  }
}

function checkItem(item: unknown, schema: Schema, path: Path, report: ConfigFindings, visit: LeafVisitor): boolean {
  if (item !== null && item !== undefined) return checkShape(item, schema, path, report, visit);
  const problem = 'empty item';
  const fix = 'write the item, or remove its "-"';
  report.add('alertmanager-empty-item', path, { problem, fix });
  return false;
}

function checkObject(
  value: unknown,
  schema: ObjectOf,
  path: Path,
  report: ConfigFindings,
  visit: LeafVisitor,
): boolean {
  if (schema.short && typeof value === 'string') return checkLeaf(value, schema.short, path, report, visit);
  if (!isObject(value)) return wrongType(path, 'a map', value, report);
  const typed = checkAll(Object.entries(value), ([name, item]) => {
    if (item === undefined) return true;
    const at = [...path, name];
    const field = Object.hasOwn(schema.fields, name) ? schema.fields[name] : undefined;
    if (field) return checkShape(item, field, at, report, visit);
    report.add('alertmanager-unknown-field', at, unknownField(name, schema), 'name');
    return true;
  });
  if (!typed) return false;
  for (const rule of schema.rules) {
    const broken = rule(value);
    if (broken) {
      const at = broken.field === undefined ? path : [...path, broken.field];
      report.add('alertmanager-fields', at, broken, broken.field === undefined ? 'value' : 'name');
    }
  }
  return true;
}

function unknownField(name: string, { fields, newer }: ObjectOf): Diagnosis {
  const since = newer && Object.hasOwn(newer.fields, name) ? newer.fields[name] : undefined;
  return since === undefined
    ? {
        problem: `unknown field "${name}"`,
        fix: `correct the name, or remove it${didYouMean(name, Object.keys(fields))}`,
      }
    : {
        problem: `field "${name}" is only supported since ${since}, not by ${newer?.version}`,
        fix: 'remove it, or upgrade Alertmanager',
      };
}

function checkLeaf(value: unknown, leaf: Leaf, path: Path, report: ConfigFindings, visit: LeafVisitor): boolean {
  switch (leaf.kind) {
    case 'string':
      if (typeof value !== 'string') return wrongType(path, 'a string', value, report);
      break;
    case 'boolean':
      if (typeof value !== 'boolean') return wrongType(path, 'true or false', value, report);
      break;
    case 'integer':
      if (!Number.isInteger(value)) return wrongType(path, 'an integer', value, report);
      break;
    case 'number':
      if (typeof value !== 'number') return wrongType(path, 'a number', value, report);
  }
  const problem = typeof value === 'string' ? leaf.problem?.(value) : undefined;
  if (problem !== undefined) report.add('alertmanager-value', path, variableProblem(path, leaf, value) ?? problem);
  visit(path, leaf, value);
  return true;
}

/** Like `every`, but checks all items, so that all findings are reported at once. */
function checkAll<T>(items: readonly T[], check: (item: T, index: number) => boolean): boolean {
  return items.map(check).every(Boolean);
}

function wrongType(path: Path, wanted: string, value: unknown, report: ConfigFindings): false {
  const problem = `expected ${wanted}, got ${describe(value)}`;
  const variable = typeof value === 'string' ? unexpandedIn(value) : undefined;
  const fix = variable === undefined ? undefined : 'write the value: Alertmanager does not replace variables';
  report.add('alertmanager-type', path, { problem, fix });
  return false;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' && value.length > 80 ? 'a long string' : JSON.stringify(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
