import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type GraphFieldConfig,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  PanelBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Options as TimeSeriesOptions } from '@grafana/grafana-foundation-sdk/timeseries';
import type { CollectorName } from '../collector/collectors';
import { PIPELINE_DASHBOARD_UID, PROMETHEUS_DATASOURCE } from '../grafana/config';
import { CHOSEN, datasourceVariable } from '../grafana/datasource-variable';
import { DROPPED, type PipelineAlertsProps } from './pipeline-alerts';
import { select } from './promql';

const PROMETHEUS_REF = { type: PROMETHEUS_DATASOURCE.type, uid: CHOSEN };

/** Each collector's counter of sent lines, as Prometheus scrapes it. */
const SENT: Readonly<Record<CollectorName, string>> = {
  promtail: 'promtail_sent_entries_total',
  opentelemetry: 'otelcol_exporter_sent_log_records',
};

/** A query of a panel, with the template of its legend. */
type Query = readonly [expr: string, legend: string];

/** Returns the dashboard of the pipeline, from collected lines to sent notifications. */
export function pipelineDashboard(props: PipelineAlertsProps): Dashboard {
  const { loki, ruler, collector, alertmanager, grafana } = props;
  const rate = (selector: string) => `rate(${selector}[$__rate_interval])`;
  const ofRuler = (metric: string) => rate(select(metric, [ruler]));
  const ofAlertmanager = (metric: string) => rate(select(metric, [alertmanager]));
  const panels = [
    panel(
      'Pods that are up',
      'Pods that Prometheus can scrape. See the alerts PipelinePodDown and PipelinePartDown.',
      'short',
      [[...loki, alertmanager, grafana], [collector]].map((targets) => [
        `sum by (job) (${select('up', targets)})`,
        '{{job}}',
      ]),
    ),
    panel(
      'Lines per second',
      'Lines sent by the collectors and received by Loki: the rates should be equal.',
      'suffix: lines/s',
      [
        [`sum by (job) (${rate(select(SENT[collector.kind], [collector]))})`, 'sent by {{job}}'],
        [`sum (${rate(select('loki_distributor_lines_received_total', loki))})`, 'received by Loki'],
      ],
    ),
    panel('Lines lost per second', 'Dropped by a collector, or rejected by Loki, by reason.', 'suffix: lines/s', [
      [`sum by (pod) (${rate(select(DROPPED[collector.kind], [collector]))})`, 'dropped by {{pod}}'],
      [`sum by (reason) (${rate(select('loki_discarded_samples_total', loki))})`, 'rejected: {{reason}}'],
    ]),
    panel('Rule evaluations', 'Alerts whose evaluation fails do not fire.', 'suffix: /s', [
      [`sum (${ofRuler('loki_prometheus_rule_evaluations_total')})`, 'evaluations'],
      [`sum (${ofRuler('loki_prometheus_rule_evaluation_failures_total')})`, 'failures'],
    ]),
    panel('Seconds since the last evaluation', 'Rule group with the oldest evaluation.', 's', [
      [
        `max by (job) (time() - ${select('loki_prometheus_rule_group_last_evaluation_timestamp_seconds', [ruler])})`,
        '{{job}}',
      ],
    ]),
    panel('Alerts from Loki to Alertmanager', 'Dropped alerts are retried after a minute.', 'suffix: /s', [
      [`sum by (alertmanager) (${ofRuler('loki_prometheus_notifications_sent_total')})`, 'sent to {{alertmanager}}'],
      [
        `sum by (alertmanager) (${ofRuler('loki_prometheus_notifications_dropped_total')})`,
        'dropped: {{alertmanager}}',
      ],
    ]),
    panel('Notifications', 'By integration; failures by reason.', 'suffix: /s', [
      [`sum by (integration) (${ofAlertmanager('alertmanager_notifications_total')}) > 0`, '{{integration}}'],
      [
        `sum by (integration, reason) (${ofAlertmanager('alertmanager_notifications_failed_total')}) > 0`,
        '{{integration}} failed: {{reason}}',
      ],
    ]),
    panel('Queues', 'A growing queue has a slow consumer.', 'short', [
      [`sum (${select('loki_prometheus_notifications_queue_length', [ruler])})`, 'alerts for Alertmanager'],
      [`sum (${select('loki_ingester_flush_queue_length', loki)})`, 'chunks for storage'],
    ]),
    ...(collector.kind === 'opentelemetry'
      ? [
          panel(
            'Collector queues',
            'On the disk of each node. A full queue pauses the reading of log files.',
            'percentunit',
            [
              [
                `${select('otelcol_exporter_queue_size', [collector])} / ${select('otelcol_exporter_queue_capacity', [collector])}`,
                '{{pod}}',
              ],
            ],
          ),
        ]
      : []),
    panel("Loki's disks", 'At 90% Loki rejects lines.', 'percentunit', [
      [`max by (pod) (${select('loki_ingester_wal_disk_usage_percent', loki)})`, '{{pod}}'],
    ]),
  ];
  const dashboard = new DashboardBuilder('Log pipeline')
    .uid(PIPELINE_DASHBOARD_UID)
    .tags(['logs', 'alerting'])
    .timezone('browser')
    .time({ from: 'now-3h', to: 'now' })
    .refresh('1m')
    .tooltip(DashboardCursorSync.Crosshair)
    .annotations([])
    .readonly()
    .withVariable(datasourceVariable(PROMETHEUS_DATASOURCE));
  for (const [index, builder] of panels.entries()) dashboard.withPanel(builder.id(index + 1));
  return dashboard.build();
}

function panel(title: string, description: string, unit: string, queries: readonly (readonly string[])[]) {
  const options: TimeSeriesOptions = {
    legend: { displayMode: LegendDisplayMode.List, placement: LegendPlacement.Bottom, showLegend: true, calcs: [] },
    tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending },
  };
  const style: GraphFieldConfig = { fillOpacity: 10 };
  const built = new PanelBuilder()
    .type('timeseries')
    .options(options)
    .datasource(PROMETHEUS_REF)
    .title(title)
    .description(description)
    .span(12)
    .height(8)
    .min(0)
    .custom(style)
    .unit(unit);
  for (const [index, [expr = '', legendFormat = '']] of queries.entries()) {
    built.withTarget(query(String.fromCharCode('A'.charCodeAt(0) + index), [expr, legendFormat]));
  }
  return built;
}

function query(refId: string, [expr, legendFormat]: Query): Builder<PrometheusQuery> {
  // The SDK's type requires a marker method, which is not part of a dashboard.
  return { build: () => ({ refId, datasource: PROMETHEUS_REF, expr, legendFormat, range: true }) as PrometheusQuery };
}
