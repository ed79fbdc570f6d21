import * as v from 'valibot';
import type { Path } from '../checks/findings';

export interface ValidPart {
  readonly value: unknown;
  /** Paths of what was left out. */
  readonly leftOut: readonly Path[];
}

/**
 * Returns a value without the parts that a schema rejects, so that the rest can be used: values of the wrong type or
 * form, and unknown names. An item of a list is removed as a whole. Parts that only contradict each other are kept.
 */
export function validPart(schema: v.GenericSchema, value: unknown): ValidPart {
  const { issues = [] } = v.safeParse(schema, value);
  const leftOut = issues.filter(isRefused).map(pathOf);
  return { value: without(value, leftOut), leftOut };
}

function isRefused({ kind, type, input, path }: v.BaseIssue<unknown>): boolean {
  if (kind === 'schema') return true;
  // An invalid key does not make its value invalid, unless it is an unknown option.
  if (path?.at(-1)?.origin === 'key') return type === 'raw_check';
  return typeof input !== 'object' || input === null;
}

function pathOf({ path = [] as never }: v.BaseIssue<unknown>): Path {
  return path.map(({ key }) => key as string | number);
}

/** @returns undefined if nothing is left, or if the rest of a list's item is incomplete */
function without(value: unknown, paths: readonly Path[], isItem = false): unknown {
  if (paths.length === 0) return value;
  if (paths.some((path) => path.length === 0) || typeof value !== 'object' || value === null) return undefined;
  const inside = (key: string | number) => paths.filter(([first]) => first === key).map(([, ...rest]) => rest);
  if (Array.isArray(value)) {
    // Keys of a map, but the value is a list.
    if (paths.some(([first]) => typeof first !== 'number')) return undefined;
    const left = value.flatMap((item, i) => {
      const rest = without(item, inside(i), true);
      return rest === undefined && inside(i).length > 0 ? [] : [rest];
    });
    return isItem && left.length === 0 ? undefined : left;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, without(item, inside(key), isItem)] as const);
  const lacks = paths.some(([first = '']) => !Object.hasOwn(value, first));
  const left = entries.filter(([key, item]) => item !== undefined || inside(key).length === 0);
  return isItem && (lacks || left.length < entries.length) ? undefined : Object.fromEntries(left);
}
