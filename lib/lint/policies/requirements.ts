import type { Finding } from '../../checks/findings';
import { matchesWhole } from '../../logql/regexp';
import { didYouMean } from '../../text/did-you-mean';
import type { Config, Requirement } from '../config/schema';
import { hasTemplate, type PolicyAlert } from './alerts';

/** Checks the labels and annotations that the configuration requires. */
export function checkRequirements(each: PolicyAlert, { labels = {}, annotations = {} }: Config): Finding[] {
  return [
    ...Object.entries(labels).flatMap(([name, required]) => checkField(each, 'labels', name, required)),
    ...Object.entries(annotations).flatMap(([name, required]) => checkField(each, 'annotations', name, required)),
  ];
}

function checkField(
  { alert, mayReturn, finding }: PolicyAlert,
  field: 'labels' | 'annotations',
  name: string,
  { values, pattern, required = true }: Requirement,
): Finding[] {
  const what = field === 'labels' ? 'label' : 'annotation';
  const id = `policy-${what}` as const;
  const value = alert[field]?.[name] ?? '';
  if (value === '') {
    const given = field === 'labels' && mayReturn(name);
    if (!required || given) return [];
    return [finding(id, { problem: `missing ${what} "${name}"`, fix: `add it${example(values, pattern)}` })];
  }
  if (hasTemplate(value)) return [];
  const at = [field, name];
  if (values && !values.includes(value)) {
    const fix = `use one of ${values.join(', ')}${didYouMean(value, values)}`;
    return [finding(id, { problem: `${what} "${name}" must not be "${value}"`, fix }, at)];
  }
  if (pattern !== undefined && !matchesWhole(pattern, value)) {
    const problem = `${what} "${name}" is "${value}", which does not match ${pattern}`;
    return [finding(id, { problem, fix: 'use a value that matches' }, at)];
  }
  return [];
}

function example(values: readonly string[] | undefined, pattern: string | undefined): string {
  if (values) return `: one of ${values.join(', ')}`;
  return pattern === undefined ? '' : `: a value that matches ${pattern}`;
}
