import { LOKI_DATASOURCE } from './config';

/** A time range in the syntax of Grafana's time picker, such as `now-1h`, or in Unix milliseconds. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

const LAST_HOUR: TimeRange = { from: 'now-1h', to: 'now' };

/** A template action in an annotation, such as `{{ $labels.app }}`. */
const TEMPLATE_ACTION = /(\{\{.*?\}\})/;

/**
 * Returns the URL of Grafana's Explore with a LogQL query. Template actions in the query are kept, so that the URL can
 * be used in an annotation: `{app="{{ $labels.app }}"}`.
 *
 * @param base root URL of Grafana; empty for a link within Grafana
 * @see https://grafana.com/docs/grafana/v13.2/visualizations/explore/get-started-with-explore/#generate-explore-urls-from-external-tools
 */
export function exploreUrl(base: string, expr: string, range: TimeRange = LAST_HOUR): string {
  const { type, uid } = LOKI_DATASOURCE;
  const query = { refId: 'A', datasource: { type, uid }, editorMode: 'code', queryType: 'range', expr };
  const panes = JSON.stringify({ logs: { datasource: uid, queries: [query], range } });
  const encoded = panes
    .split(TEMPLATE_ACTION)
    .map((part, index) => (index % 2 === 1 ? part : encodeURIComponent(part)))
    .join('');
  return `${base.replace(/\/$/, '')}/explore?schemaVersion=1&panes=${encoded}&orgId=1`;
}
