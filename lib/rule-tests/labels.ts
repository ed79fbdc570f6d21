import type { Diagnosis } from '../checks/findings';
import { parseLogQL } from '../logql';

/** Label names and their values. */
export type Labels = Readonly<Record<string, string>>;

/** Labels as a test writes them. */
export type GivenLabels = string | Readonly<Record<string, string | number | boolean>>;

/** Fix of a text that is not a label set. */
const LABEL_SET = `use '{app="web"}' or a map`;

/** Parses `{app="web", level="error"}`: returns the labels, or the problem. */
export function parseLabels(text: string): { readonly labels: Labels } | Required<Diagnosis> {
  if (/^\s*\{\s*\}\s*$/.test(text)) return { labels: {} };
  const { expr: query, problems } = parseLogQL(text);
  if (!query) return { problem: `is not a valid label set: ${problems[0].problem}`, fix: LABEL_SET };
  if (query.kind !== 'log' || query.stages.length > 0) return { problem: 'is not a label set', fix: LABEL_SET };
  const labels: Record<string, string> = {};
  for (const { name, operator, value } of query.selector.matchers) {
    if (operator !== '=')
      return {
        problem: `matches '${name}' with ${operator}, but a label has one value`,
        fix: `use ${name}="value"`,
      };
    if (name in labels) return { problem: `has a duplicate label '${name}'`, fix: 'remove one' };
    labels[name] = value.value;
  }
  return { labels };
}

/** Returns labels written as a text or as a map; the text must have been checked. */
export function toLabels(given: GivenLabels | undefined): Labels {
  if (given === undefined) return {};
  if (typeof given !== 'string')
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
  const parsed = parseLabels(given);
  if ('problem' in parsed) throw new Error(`labels '${given}': ${parsed.problem}`);
  return parsed.labels;
}

/** Formats labels as `{app="web", level="error"}`, sorted by name. */
export function formatLabels(labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`);
  return `{${pairs.join(', ')}}`;
}

/** True if Loki accepts the text as the name of a stream label. */
export function isStreamLabel(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

/** True if two label sets are equal. */
export function sameLabels(a: Labels, b: Labels): boolean {
  return formatLabels(a) === formatLabels(b);
}
