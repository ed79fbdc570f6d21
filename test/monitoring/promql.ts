/** A metric, and the labels by which an expression picks or sums its series. */
export interface Asked {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** Words of PromQL that are no metrics. */
const KEYWORDS = new Set(['by', 'without', 'on', 'ignoring', 'and', 'or', 'unless', 'bool', 'offset']);

/**
 * The metrics of a PromQL expression, with the labels of their matchers and all that sums are made by. It knows as much
 * of PromQL as this project writes: identifiers that are neither functions nor keywords nor labels are metrics.
 */
export function asked(expr: string): Asked[] {
  const sums = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(', '));
  const rest = expr.replace(/\b(by|on) \([^)]*\)/g, '').replace(/\[[^\]]*\]|\boffset \w+/g, '');
  const selectors = [...rest.matchAll(/(?<![\w"])([a-zA-Z_:][\w:]*)(?!["\w:])\s*(\(|\{((?:[^"}]|"[^"]*")*)\})?/g)];
  return selectors
    .filter(([, name = '', next]) => next !== '(' && !KEYWORDS.has(name))
    .map(([, metric = '', , matchers = '']) => ({
      metric,
      labels: [
        ...new Set([...[...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label), ...sums]),
      ],
    }));
}

/** What no program serves: Prometheus adds it to whatever it scrapes. */
const BY_PROMETHEUS = { metrics: ['up'], labels: ['namespace', 'job', 'pod'] };

/** Metrics that are not in what programs serve at `/metrics`, or not with these labels. */
export function notServed(asked: readonly Asked[], served: string): string[] {
  return asked
    .filter(({ metric }) => !BY_PROMETHEUS.metrics.includes(metric))
    .filter(({ metric, labels }) => {
      const own = labels.filter((label) => !BY_PROMETHEUS.labels.includes(label));
      return !seriesOf(metric, served).some((series) => own.every((label) => series.has(label)));
    })
    .map(({ metric, labels }) => `${metric} with ${labels.join(', ')}`);
}

/** Names of the labels of each series of a metric. */
function seriesOf(metric: string, served: string): Set<string>[] {
  return served
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
    .map((line) => {
      const [, inside = ''] = /^[\w:]+\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\}/.exec(line) ?? [];
      return new Set([...inside.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, name = '']) => name));
    });
}
