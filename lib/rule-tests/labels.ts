import { parseLogQL } from '../logql';

/** Label names and their values. */
export type Labels = Readonly<Record<string, string>>;

/** Labels as a test gives them. */
export type GivenLabels = string | Readonly<Record<string, string | number | boolean>>;

/** Reads `{app="web", level="error"}`: the labels, or what is wrong. */
export function parseLabels(text: string): { readonly labels: Labels } | { readonly problem: string } {
  if (/^\s*\{\s*\}\s*$/.test(text)) return { labels: {} };
  const { expr: query, problems } = parseLogQL(text);
  if (!query) return { problem: `is not a valid label set such as '{app="web"}': ${problems[0].problem}` };
  if (query.kind !== 'log' || query.stages.length > 0)
    return { problem: `is not a label set: use '{app="web"}' or a map` };
  const labels: Record<string, string> = {};
  for (const { name, operator, value } of query.selector.matchers) {
    if (operator !== '=')
      return {
        problem: `matches '${name}' with ${operator}: a stream has one value for each label, write ${name}="value"`,
      };
    if (name in labels) return { problem: `has the label '${name}' twice: remove one` };
    labels[name] = value.value;
  }
  return { labels };
}

/** Labels that were given as text or as a map; the text must have been checked. */
export function toLabels(given: GivenLabels | undefined): Labels {
  if (given === undefined) return {};
  if (typeof given !== 'string')
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
  const parsed = parseLabels(given);
  if ('problem' in parsed) throw new Error(`labels '${given}': ${parsed.problem}`);
  return parsed.labels;
}

/** `{app="web", level="error"}`, sorted by name. */
export function formatLabels(labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`);
  return `{${pairs.join(', ')}}`;
}

/** Whether Loki takes the text as the name of a stream's label. */
export function isStreamLabel(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

/** Whether two label sets are equal. */
export function sameLabels(a: Labels, b: Labels): boolean {
  return formatLabels(a) === formatLabels(b);
}
