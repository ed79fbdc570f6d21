/** A metric in an expression, with the labels that select or aggregate its series. */
export interface MetricUse {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** Keywords of PromQL. */
const KEYWORDS = new Set(['by', 'without', 'on', 'ignoring', 'and', 'or', 'unless', 'bool', 'offset']);

/**
 * Returns the metrics of a PromQL expression, with the labels in their matchers and in aggregations. Only supports the
 * subset of PromQL in this project: identifiers other than functions, keywords and labels are metrics.
 */
export function metricsIn(expr: string): MetricUse[] {
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

/** Metrics and labels that Prometheus adds to every target. */
const BY_PROMETHEUS = { metrics: ['up'], labels: ['namespace', 'job', 'pod'] };

/** Returns metrics that are missing in the output of `/metrics`, or lack one of the labels. */
export function missingMetrics(used: readonly MetricUse[], served: string): string[] {
  return used
    .filter(({ metric }) => !BY_PROMETHEUS.metrics.includes(metric))
    .filter(({ metric, labels }) => {
      const own = labels.filter((label) => !BY_PROMETHEUS.labels.includes(label));
      return !seriesOf(metric, served).some((series) => own.every((label) => series.has(label)));
    })
    .map(({ metric, labels }) => `${metric} with ${labels.join(', ')}`);
}

/** Returns the label names of each series of a metric. */
function seriesOf(metric: string, served: string): Set<string>[] {
  return served
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
    .map((line) => {
      const [, inside = ''] = /^[\w:]+\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\}/.exec(line) ?? [];
      return new Set([...inside.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, name = '']) => name));
    });
}
