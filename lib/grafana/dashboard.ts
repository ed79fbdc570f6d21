import type { Options as BarGaugeOptions } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  GraphDrawStyle,
  type GraphFieldConfig,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LogsDedupStrategy,
  LogsSortOrder,
  SortOrder,
  StackingMode,
  TooltipDisplayMode,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type AnnotationQuery,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type DashboardLink,
  DashboardLinkType,
  PanelBuilder,
  QueryVariableBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Options as LogsOptions } from '@grafana/grafana-foundation-sdk/logs';
import type { dataquery as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import type { Options as TimeSeriesOptions } from '@grafana/grafana-foundation-sdk/timeseries';
import type { EventLog } from '../collector/event-log';
import { alertAnnotations, type HistoryPanel, historyPanels } from './alert-history';
import { DASHBOARD_UID, LOKI_DATASOURCE } from './config';
import { CHOSEN, datasourceVariable } from './datasource-variable';
import { exploreUrl } from './explore';
import { RUNBOOK_PANEL } from './links';

// Only the types of the panel builders are imported: loading the builders takes three times as long as everything else.

/** The alert on the rate of log lines, with the parts of its rule. */
export interface RateAlert {
  /** Value of the label `alertname`. */
  readonly name: string;
  /**
   * Returns the left side of the rule's comparison for the selected streams, such as `{job=~".+"}`: lines per second by
   * `namespace` and `app`.
   */
  readonly rate: (selector: string) => string;
  /** Lines per second above which the alert fires. */
  readonly threshold: number;
}

export interface DashboardProps {
  /** Alert whose rate and threshold are shown. @default none, the rate without a threshold */
  readonly alert?: RateAlert;
  /**
   * Selector of the log of the slack-inbox: each line is a JSON object, with the request to Slack in `body`.
   * @default none, no panel of Slack messages
   */
  readonly slackInbox?: string;
  /** Selector of Kubernetes events, whose warnings are marked. @default none, no marks */
  readonly events?: string;
  /** True if each tenant of Loki has its own datasource, which shows its alerts. @default false */
  readonly tenants?: boolean;
  /** Stream of Alertmanager's events, which show when alerts fired. @default none, no history and no annotations */
  readonly eventLog?: EventLog;
  /** Runbook of all alerts, in Markdown; `runbookUrl` returns its URL. @default none, no runbook panel */
  readonly runbook?: string;
}

const LOKI_REF = { type: LOKI_DATASOURCE.type, uid: CHOSEN };
const ALL_STREAMS = '{job=~".+"}';
const CHOSEN_STREAMS = '{namespace=~"$namespace", app=~"$app"}';

/** Value of the variables for All: Loki requires a matcher that does not match the empty string. */
const ANY = '.+';

/** Type of variable query that lists a label's values, in Loki's datasource. */
const LABEL_VALUES = 1;

const LINES_PER_SECOND = 'suffix: lines/s';
const APP = '{{namespace}}/{{app}}';

/** Returns the dashboard of the stack, as JSON for Grafana's provisioning. */
export function logAlertingDashboard(props: DashboardProps): Dashboard {
  const { alert, slackInbox, events, eventLog, runbook, tenants = false } = props;
  const dashboard = new DashboardBuilder('Log alerting')
    .uid(DASHBOARD_UID)
    .tags(['logs', 'alerting'])
    .timezone('browser')
    .time({ from: 'now-30m', to: 'now' })
    .refresh('10s')
    .tooltip(DashboardCursorSync.Crosshair)
    .annotations(eventLog ? alertAnnotations(eventLog, LOKI_REF) : [])
    .readonly()
    .link(exploreLink('Explore: all logs', ALL_STREAMS))
    .link(exploreLink('Explore: lines per second', rateOf(alert, ALL_STREAMS)))
    .withVariable(datasourceVariable(LOKI_DATASOURCE))
    .withVariable(labelVariable('namespace', ''))
    .withVariable(labelVariable('app', '{namespace=~"$namespace"}'))
    .withPanel(linesPerSecond(alert))
    .withPanel(topTalkers(alert))
    .withPanel(alerts(tenants))
    .withPanel(errors());
  if (events) dashboard.annotation(warnings(events));
  if (slackInbox) dashboard.withPanel(slackMessages(slackInbox));
  dashboard.withPanel(logs());
  if (eventLog) for (const each of historyPanels(eventLog)) dashboard.withPanel(historyPanel(each));
  if (runbook) dashboard.withPanel(runbookText(runbook));
  return dashboard.build();
}

/** Marks the warnings among Kubernetes events: those of the chosen apps, and of all nodes, which have no app. */
function warnings(events: string): Builder<AnnotationQuery> {
  const annotation: AnnotationQuery = {
    name: 'Kubernetes events',
    datasource: LOKI_REF,
    enable: true,
    iconColor: 'orange',
    expr: `${events} | type="Warning" | (namespace=~"$namespace" and app=~"$app") or kind="Node"`,
    titleFormat: '{{reason}}',
    tagKeys: 'namespace,app',
  };
  return { build: () => annotation };
}

/** Lines per second by app, of an alert, or else of the last minute. */
function rateOf(alert: RateAlert | undefined, selector: string): string {
  return alert ? alert.rate(selector) : `sum by (namespace, app) (rate(${selector}[1m]))`;
}

function linesPerSecond(alert: RateAlert | undefined) {
  const chart = timeSeries({
    // Keeps the threshold visible at low rates.
    ...(alert && { axisSoftMax: 1.2 * alert.threshold }),
    fillOpacity: 10,
    ...(alert && { thresholdsStyle: { mode: GraphThresholdsStyleMode.DashedAndArea } }),
  })
    .id(1)
    .title('Lines per second');
  if (alert) chart.description(`${alert.name} fires if the rate stays above ${alert.threshold} lines per second.`);
  chart
    .height(9)
    .withTarget(query({ expr: rateOf(alert, CHOSEN_STREAMS), queryType: 'range', legendFormat: APP }))
    .unit(LINES_PER_SECOND);
  return alert ? chart.thresholds(thresholds(alert)) : chart;
}

function topTalkers(alert: RateAlert | undefined) {
  const options: Partial<BarGaugeOptions> = {
    orientation: VizOrientation.Horizontal,
    reduceOptions: { calcs: ['lastNotNull'] },
  };
  const gauge = panel('bargauge', options).id(2).title('Top talkers');
  if (alert) gauge.description(`Red: the rate is above the threshold of ${alert.name}.`);
  gauge
    .span(8)
    .height(9)
    .withTarget(
      // topk does not sort.
      query({ expr: `sort_desc(topk(10, ${rateOf(alert, CHOSEN_STREAMS)}))`, queryType: 'instant', legendFormat: APP }),
    )
    .unit(LINES_PER_SECOND)
    .min(0);
  return alert ? gauge.thresholds(thresholds(alert)) : gauge;
}

/**
 * Alerts of Loki's ruler. Grafana reads them via the datasource, whose name is in the filter: panels of this type
 * do not support a variable there.
 * @see https://grafana.com/docs/grafana/v13.2/visualizations/panels-visualizations/visualizations/alert-list/
 */
function alerts(tenants: boolean) {
  // The SDK has no type for these options; see public/app/plugins/panel/alertlist in Grafana.
  return new PanelBuilder()
    .type('alertlist')
    .id(3)
    .title('Alerts')
    .description("Pending and firing alerts of Loki's ruler.")
    .span(8)
    .height(8)
    .options({
      viewMode: 'list',
      groupMode: 'default',
      groupBy: [],
      maxItems: 20,
      // By importance: firing alerts come first.
      sortOrder: 3,
      dashboardAlerts: false,
      alertName: '',
      alertInstanceLabelFilter: '',
      datasource: tenants ? '' : LOKI_DATASOURCE.name,
      showInactiveAlerts: false,
      stateFilter: { firing: true, pending: true, recovering: true, noData: false, normal: false, error: true },
    });
}

function errors() {
  const expr = `sum by (namespace, app) (count_over_time(${CHOSEN_STREAMS} | detected_level=~"error|critical|fatal" [$__auto]))`;
  return timeSeries({ drawStyle: GraphDrawStyle.Bars, fillOpacity: 60, stacking: { mode: StackingMode.Normal } })
    .id(4)
    .title('Error lines')
    .description('Lines with a level of error or higher, as detected by Loki in logfmt, JSON or plain text.')
    .height(8)
    .withTarget(query({ expr, queryType: 'range', legendFormat: APP }))
    .unit('short');
}

function slackMessages(slackInbox: string) {
  // Parses the inbox's line, then the webhook's body in it. Lines of nginx itself fail to parse and are dropped.
  const expr =
    `${slackInbox} | json body="body" | line_format "{{.body}}" ` +
    '| json title="attachments[0].title", text="attachments[0].text" | __error__="" ' +
    '| line_format "{{.title}}\\n{{.text}}" | drop body, title, text';
  return logLines(false)
    .id(5)
    .title('Slack messages')
    .description('Messages that Alertmanager sent to the slack-inbox.')
    .height(8)
    .withTarget(query({ expr, queryType: 'range' }));
}

function logs() {
  return logLines(true)
    .id(6)
    .title('Logs')
    .height(14)
    .withTarget(query({ expr: CHOSEN_STREAMS, queryType: 'range' }));
}

function historyPanel({ id, title, description, expr }: HistoryPanel) {
  return logLines(false)
    .id(id)
    .title(title)
    .description(description)
    .height(8)
    .withTarget(query({ expr, queryType: 'range' }));
}

function runbookText(content: string) {
  return new PanelBuilder()
    .type('text')
    .id(RUNBOOK_PANEL)
    .title('Runbook')
    .span(24)
    .height(10)
    .options({ mode: 'markdown', content });
}

function panel(type: string, options: object): PanelBuilder {
  return new PanelBuilder().type(type).options(options).datasource(LOKI_REF);
}

function timeSeries(style: GraphFieldConfig): PanelBuilder {
  const options: TimeSeriesOptions = {
    legend: { displayMode: LegendDisplayMode.List, placement: LegendPlacement.Bottom, showLegend: true, calcs: [] },
    tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending },
  };
  return panel('timeseries', options).span(16).min(0).custom(style);
}

function logLines(showLabels: boolean): PanelBuilder {
  const options: LogsOptions = {
    showTime: true,
    showLabels,
    showCommonLabels: false,
    showLogContextToggle: true,
    wrapLogMessage: true,
    prettifyLogMessage: false,
    enableLogDetails: true,
    enableInfiniteScrolling: true,
    sortOrder: LogsSortOrder.Descending,
    dedupStrategy: LogsDedupStrategy.None,
  };
  return panel('logs', options).span(24);
}

function query(query: Pick<LokiQuery, 'expr' | 'queryType' | 'legendFormat'>): Builder<LokiQuery> {
  // The SDK's type requires a marker method, which is not part of a dashboard.
  return { build: () => ({ refId: 'A', datasource: LOKI_REF, ...query }) as LokiQuery };
}

function thresholds({ threshold }: RateAlert): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: 'green' },
    { value: threshold, color: 'red' },
  ]);
}

/** Returns a variable with a label's values in the selected streams; an empty selector selects all. */
function labelVariable(label: string, stream: string): QueryVariableBuilder {
  return new QueryVariableBuilder(label)
    .datasource(LOKI_REF)
    .query({ refId: 'LokiVariableQueryEditor-VariableQuery', type: LABEL_VALUES, label, stream })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(ANY)
    .current({ text: ['All'], value: ['$__all'] });
}

/** Returns a link above the panels; the SDK's builder would put it in a menu. */
function exploreLink(title: string, expr: string): Builder<DashboardLink> {
  const link: DashboardLink = {
    title,
    type: DashboardLinkType.Link,
    icon: 'external link',
    tooltip: expr,
    url: exploreUrl({ grafanaUrl: '', expr, datasource: CHOSEN }),
    tags: [],
    asDropdown: false,
    targetBlank: true,
    includeVars: false,
    keepTime: false,
  };
  return { build: () => link };
}
