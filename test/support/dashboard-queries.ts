import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { dataquery as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';

/** Values of Grafana's built-in variables for a dashboard that shows half an hour. */
const GRAFANA_VARIABLES = { __auto: '1m', __rate_interval: '2m' };

/**
 * Returns the queries of a dashboard's panels and annotations, with each variable replaced by its value for All, so that Loki or
 * Prometheus can run them.
 * @throws if a variable has no such value
 */
export function dashboardQueries(dashboard: Dashboard): string[] {
  const all = (dashboard.templating.list ?? []).map(({ name, allValue }) => [name, allValue]);
  const values: Record<string, string | undefined> = { ...GRAFANA_VARIABLES, ...Object.fromEntries(all) };
  const replace = (expr: string) =>
    expr.replace(/\$(\w+)/g, (variable, name) => {
      const value = values[name];
      if (value === undefined) throw new Error(`query ${expr}: ${variable} has no value: set the variable's allValue`);
      return value;
    });
  const ofPanels = (dashboard.panels ?? [])
    .flatMap((panel) => ('targets' in panel ? ((panel.targets ?? []) as LokiQuery[]) : []))
    .map(({ expr }) => expr);
  const ofAnnotations = (dashboard.annotations?.list ?? []).flatMap(({ expr }) => expr ?? []);
  return [...ofPanels, ...ofAnnotations].map(replace);
}
