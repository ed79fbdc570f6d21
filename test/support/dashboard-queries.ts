import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { dataquery as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';

/** What Grafana puts for its own variables while a dashboard shows half an hour. */
const GRAFANA_VARIABLES = { __auto: '1m', __rate_interval: '2m' };

/**
 * Every query of a dashboard's panels, each variable replaced by what its choice All stands for, so that Loki
 * or Prometheus can run them.
 * @throws Error if a query has a variable that has no such value.
 */
export function dashboardQueries(dashboard: Dashboard): string[] {
  const all = (dashboard.templating.list ?? []).map(({ name, allValue }) => [name, allValue]);
  const values: Record<string, string | undefined> = { ...GRAFANA_VARIABLES, ...Object.fromEntries(all) };
  const replace = (expr: string) =>
    expr.replace(/\$(\w+)/g, (variable, name) => {
      const value = values[name];
      if (value === undefined)
        throw new Error(`query ${expr}: ${variable} has no value; define the variable's allValue`);
      return value;
    });
  return (dashboard.panels ?? [])
    .flatMap((panel) => ('targets' in panel ? ((panel.targets ?? []) as LokiQuery[]) : []))
    .map(({ expr }) => replace(expr));
}
