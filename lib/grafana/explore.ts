import type { Duration } from '../rules/model';
import { durationMs } from '../text/duration';
import { LOKI_DATASOURCE } from './config';
import type { Links } from './links';

/**
 * A time range in the syntax of Grafana's time picker, such as `now-1h`, or in Unix milliseconds; template actions are
 * kept.
 */
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
 * Returns the time range that ends with an alert's latest evaluation, for a URL in an annotation: the lines that the
 * alert counted, however much later the link is opened. The ruler fills it in, so that it works in every message.
 * It calls `now`, which templates have since 3.6.
 *
 * @param duration range of the expression plus `for`, so that the range begins with the first counted line
 * @throws Error if the duration is invalid
 * @example
 * const expr = '{app="{{ $labels.app }}"} |= "timeout"';
 * const logurl = exploreUrl({ grafanaUrl: 'https://grafana.example.com', expr, range: evaluatedRange('7m') });
 */
export function evaluatedRange(duration: Duration): TimeRange {
  const ms = durationMs(duration);
  if (!ms) throw new Error(`invalid duration "${duration}": use whole numbers with units, e.g. 7m`);
  return { from: `{{ ((toTime now).Add (toDuration -${ms / 1000})).UnixMilli }}`, to: '{{ (toTime now).UnixMilli }}' };
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
    // In an action, quotes must not stay escaped as in JSON.
    .map((part, index) => (index % 2 === 1 ? JSON.parse(`"${part}"`) : encode(part)))
    .join('');
  return `${grafanaUrl.replace(/\/$/, '')}/explore?schemaVersion=1&panes=${encoded}&orgId=1`;
}

/** Encodes a text for a URL in a message too: a parenthesis would end a link in Markdown. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}
