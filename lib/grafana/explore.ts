import { LOKI_DATASOURCE } from './config';

/** A span of time in the words of Grafana's time picker, for instance `now-1h`, or in milliseconds since 1970. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

const LAST_HOUR: TimeRange = { from: 'now-1h', to: 'now' };

/** A template action of an alert's annotation, for instance `{{ $labels.app }}`. */
const TEMPLATE_ACTION = /(\{\{.*?\}\})/;

/**
 * Address of Grafana's Explore with a LogQL query filled in. Template actions in the query stay as they are, so that
 * the address can stand in an alert's annotation: `{app="{{ $labels.app }}"}`.
 *
 * @param base Root URL of Grafana; empty for a link inside of Grafana.
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
