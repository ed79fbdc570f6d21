import { LOKI } from './config';

/** A span of time in the words of Grafana's time picker, for instance `now-1h`, or in milliseconds since 1970. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

const LAST_HOUR: TimeRange = { from: 'now-1h', to: 'now' };

/**
 * A template action of an alert's annotation, for instance `{{ $labels.app }}`, or a dashboard's choice of a datasource:
 * what replaces them does not find them encoded.
 */
const REPLACED = /(\{\{.*?\}\}|\$datasource\b)/;

/**
 * Address of Grafana's Explore with a LogQL query filled in. Template actions in the query stay as they are, so that
 * the address can stand in an alert's annotation: `{app="{{ $labels.app }}"}`.
 *
 * @param base Root URL of Grafana; empty for a link inside of Grafana.
 * @param datasource Uid of a Loki, or the variable of the dashboard that has the link.
 * @see https://grafana.com/docs/grafana/v13.2/visualizations/explore/get-started-with-explore/#generate-explore-urls-from-external-tools
 */
export function exploreUrl(
  base: string,
  expr: string,
  range: TimeRange = LAST_HOUR,
  datasource: string = LOKI.uid,
): string {
  const query = {
    refId: 'A',
    datasource: { type: LOKI.type, uid: datasource },
    editorMode: 'code',
    queryType: 'range',
    expr,
  };
  const panes = JSON.stringify({ logs: { datasource, queries: [query], range } });
  const encoded = panes
    .split(REPLACED)
    .map((part, index) => (index % 2 === 1 ? part : encodeURIComponent(part)))
    .join('');
  return `${base.replace(/\/$/, '')}/explore?schemaVersion=1&panes=${encoded}&orgId=1`;
}
