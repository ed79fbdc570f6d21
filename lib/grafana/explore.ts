import { LOKI_DATASOURCE } from './config';
import type { Links } from './links';

/** A time range in the syntax of Grafana's time picker, such as `now-1h`, or in Unix milliseconds. */
export interface TimeRange {
  /** Its beginning. */
  readonly from: string;
  /** Its end. */
  readonly to: string;
}

const LAST_HOUR: TimeRange = { from: 'now-1h', to: 'now' };

/**
 * A template action in an annotation, such as `{{ $labels.app }}`, or the datasource variable of a dashboard. Neither
 * is replaced if it is encoded.
 */
const REPLACED = /(\{\{.*?\}\}|\$datasource\b)/;

/** Props of `exploreUrl`. */
export interface ExploreUrlProps extends Links {
  /** LogQL query. */
  readonly expr: string;
  /** Range of time. @default the last hour */
  readonly range?: TimeRange;
  /** Uid of a Loki datasource, or the variable of the dashboard with the link. @default the stack's own Loki */
  readonly datasource?: string;
}

/**
 * Returns the URL of Grafana's Explore with a LogQL query. Template actions in the query are kept, so that the URL can
 * be used in an annotation. An empty `grafanaUrl` is for a link within Grafana.
 *
 * @see https://grafana.com/docs/grafana/v13.2/visualizations/explore/get-started-with-explore/#generate-explore-urls-from-external-tools
 * @example
 * const logurl = exploreUrl({ grafanaUrl: 'https://grafana.example.com', expr: '{app="{{ $labels.app }}"}' });
 */
export function exploreUrl({
  grafanaUrl,
  expr,
  range = LAST_HOUR,
  datasource = LOKI_DATASOURCE.uid,
}: ExploreUrlProps): string {
  const { type } = LOKI_DATASOURCE;
  const query = { refId: 'A', datasource: { type, uid: datasource }, editorMode: 'code', queryType: 'range', expr };
  const panes = JSON.stringify({ logs: { datasource, queries: [query], range } });
  const encoded = panes
    .split(REPLACED)
    .map((part, index) => (index % 2 === 1 ? part : encodeURIComponent(part)))
    .join('');
  return `${grafanaUrl.replace(/\/$/, '')}/explore?schemaVersion=1&panes=${encoded}&orgId=1`;
}
