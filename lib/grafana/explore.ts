import { LOKI_DATASOURCE } from './config';
import type { Links } from './links';

/** A span of time in the words of Grafana's time picker, for instance `now-1h`, or in milliseconds since 1970. */
export interface TimeRange {
  /** Its beginning. */
  readonly from: string;
  /** Its end. */
  readonly to: string;
}

const LAST_HOUR: TimeRange = { from: 'now-1h', to: 'now' };

/** A template action of an alert's annotation, for instance `{{ $labels.app }}`. */
const TEMPLATE_ACTION = /(\{\{.*?\}\})/;

/** Props of `exploreUrl`. */
export interface ExploreUrlProps extends Links {
  /** LogQL query. */
  readonly expr: string;
  /** Span of time. @default the last hour */
  readonly range?: TimeRange;
}

/**
 * Returns the address of Grafana's Explore with a LogQL query filled in. Template actions in the query stay as they are,
 * so that the address can be an alert's annotation. An empty `grafanaUrl` is for a link inside of Grafana.
 *
 * @see https://grafana.com/docs/grafana/v13.2/visualizations/explore/get-started-with-explore/#generate-explore-urls-from-external-tools
 * @example
 * const logurl = exploreUrl({ grafanaUrl: 'https://grafana.example.com', expr: '{app="{{ $labels.app }}"}' });
 */
export function exploreUrl({ grafanaUrl, expr, range = LAST_HOUR }: ExploreUrlProps): string {
  const { type, uid } = LOKI_DATASOURCE;
  const query = { refId: 'A', datasource: { type, uid }, editorMode: 'code', queryType: 'range', expr };
  const panes = JSON.stringify({ logs: { datasource: uid, queries: [query], range } });
  const encoded = panes
    .split(TEMPLATE_ACTION)
    .map((part, index) => (index % 2 === 1 ? part : encodeURIComponent(part)))
    .join('');
  return `${grafanaUrl.replace(/\/$/, '')}/explore?schemaVersion=1&panes=${encoded}&orgId=1`;
}
