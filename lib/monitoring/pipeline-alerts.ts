import type { CollectorName } from '../collector/collectors';
import { DASHBOARD_UID, PIPELINE_DASHBOARD_UID } from '../grafana/config';
import { dashboardUrl, runbookUrl } from '../grafana/links';
import { grown, select, type Target } from './promql';

/** What of the pipeline there is to watch. */
export interface PipelineProps {
  /** Loki's processes: one, or one for each of its targets. */
  readonly loki: readonly Target[];
  /** The one of them that evaluates rules. */
  readonly ruler: Target;
  /** The one of them that deletes what is older than the retention. */
  readonly compactor: Target;
  readonly collector: Target & { readonly kind: CollectorName };
  readonly alertmanager: Target & { readonly replicas: number };
  readonly grafana: Target;
  /** How many rules the ruler is given. */
  readonly rules: number;
  /** Base URL of Grafana as people open it: its dashboard and runbook are linked. */
  readonly grafanaUrl: string;
  /** Whether it shows the dashboard of the pipeline, which is then the one that is linked. @default false */
  readonly dashboard?: boolean;
}

/** An alert of Prometheus, in its own words. */
export interface PrometheusAlert {
  readonly alert: string;
  /** PromQL. */
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Counter of lines that a collector gave up, as each serves it to a Prometheus. */
export const DROPPED: Readonly<Record<CollectorName, string>> = {
  promtail: 'promtail_dropped_entries_total',
  // Without the end _total: the collector's own reader leaves it out, unless it is told otherwise.
  opentelemetry: 'otelcol_exporter_send_failed_log_records',
};

/** Series of a collector that has lines to send and sent none in five minutes. */
const STUCK: Readonly<Record<CollectorName, (of: (metric: string) => string) => string>> = {
  promtail: (of) => retriesOnly(of('promtail_batch_retries_total'), of('promtail_sent_entries_total')),
  // It counts no retries, but what waits.
  opentelemetry: (of) =>
    `${of('otelcol_exporter_queue_size')} > 0 unless rate(${of('otelcol_exporter_sent_log_records')}[5m]) > 0`,
};

function retriesOnly(retries: string, sent: string): string {
  const grew = (counter: string) => `sum by (namespace, job, pod) (increase(${counter}[5m])) > 0`;
  return `${grew(retries)} unless ${grew(sent)}`;
}

/**
 * Alerts on the log pipeline itself. A Prometheus evaluates them and sends them: they need no Loki, which may be what is
 * broken.
 */
export function pipelineAlerts(props: PipelineProps): PrometheusAlert[] {
  const uid = props.dashboard ? PIPELINE_DASHBOARD_UID : DASHBOARD_UID;
  const links = { dashboard: dashboardUrl({ grafanaUrl: props.grafanaUrl, uid }), runbook: runbookUrl(props) };
  return [...upAlerts(props), ...lokiAlerts(props), ...collectorAlerts(props), ...alertmanagerAlerts(props)].map(
    ({ alert, expr, for: pending, severity, ...texts }) => ({
      alert,
      expr,
      ...(pending ? { for: pending } : {}),
      // As the alerts on the pipeline's logs have them, so that they take the same route.
      labels: { severity, team: 'devops', category: 'pipeline' },
      annotations: { ...texts, ...links },
    }),
  );
}

interface Draft {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  /** `critical` where alerts no longer reach a person. */
  readonly severity: 'warning' | 'critical';
  readonly title: string;
  readonly description: string;
  readonly impact: string;
  readonly action: string;
}

function upAlerts({ loki, collector, alertmanager, grafana }: PipelineProps): Draft[] {
  // Alerts come by these; without Grafana they still do.
  const parts = [...loki, alertmanager, collector];
  return [
    {
      alert: 'PipelinePartDown',
      // Gone without a trace is down as well, and has no series that could say so.
      expr: [
        ...[[...loki, alertmanager], [collector]].map(
          (targets) => `sum by (namespace, job) (${select('up', targets)}) == 0`,
        ),
        ...parts.map((target) => `absent(${select('up', [target])})`),
      ].join('\nor\n'),
      // Longer than a restart with a replay of the write-ahead log.
      for: '5m',
      severity: 'critical',
      title: 'No {{ $labels.job }} answers',
      description: 'No pod of {{ $labels.namespace }}/{{ $labels.job }} can be scraped for five minutes.',
      impact: 'Logs are not taken, not read or not judged, or messages not sent: log alerts may not come.',
      action: 'kubectl -n {{ $labels.namespace }} get pods; describe the pod that is not ready, and read its log.',
    },
    {
      alert: 'PipelinePodDown',
      expr: [[...loki, alertmanager, grafana], [collector]]
        .map((targets) => `count by (namespace, job) (${select('up', targets)} == 0)`)
        .join('\nor\n'),
      // A node is replaced in less.
      for: '15m',
      severity: 'warning',
      title: 'Pods of {{ $labels.job }} are down',
      description:
        '{{ $value }} of the pods of {{ $labels.namespace }}/{{ $labels.job }} can not be scraped for 15 minutes.',
      impact: 'The others carry on; logs of a node without its collector are late.',
      action: 'kubectl -n {{ $labels.namespace }} get pods -o wide; see whether its node is well.',
    },
  ];
}

/**
 * Memory of a stream with a few lines: 40,000 of them took 276 MB of a real Loki, resident. What their lines take comes
 * on top.
 */
const BYTES_PER_STREAM = 7000;

function lokiAlerts({ loki, ruler, compactor, rules, alertmanager }: PipelineProps): Draft[] {
  const ofRuler = (metric: string) => select(metric, [ruler]);
  const requests = (more: string) =>
    `sum by (namespace, job, route) (rate(${select('loki_request_duration_seconds_count', loki, more)}[5m]))`;
  const lastEvaluation = ofRuler('loki_prometheus_rule_group_last_evaluation_timestamp_seconds');
  return [
    {
      alert: 'LokiRulesNotLoaded',
      // A file that can't be read leaves the old rules, or none after a restart, and turns no metric: what tells is that
      // there are not as many rules as were given. A ruler without any has no such series: zero, as long as it is up.
      expr: [
        `min by (namespace, job) (${ofRuler('loki_ruler_config_last_reload_successful')}) == 0`,
        `(sum by (namespace, job) (${ofRuler('loki_prometheus_rule_group_rules')}) or 0 * sum by (namespace, job) (${ofRuler('up')} == 1)) != ${rules}`,
      ].join('\nor\n'),
      // An apply takes two minutes to arrive.
      for: '15m',
      severity: 'critical',
      title: 'Loki has not loaded its rules',
      description: `Loki's ruler holds other rules than the ${rules} that it was given.`,
      impact: 'Changed alerts do not take effect; after a restart there are none at all.',
      action: `kubectl -n {{ $labels.namespace }} logs -l app.kubernetes.io/name={{ $labels.job }} | grep 'unable to list rules'`,
    },
    {
      alert: 'LokiRuleFails',
      expr: `sum by (namespace, job, rule_group) (increase(${ofRuler('loki_prometheus_rule_evaluation_failures_total')}[5m])) > 0`,
      // One that fails once, while Loki restarts, is evaluated again.
      for: '10m',
      severity: 'critical',
      title: 'Log alerts are not evaluated',
      description: 'Rules of {{ $labels.rule_group }} fail: {{ $value | printf "%.0f" }} times in five minutes.',
      impact: 'These alerts do not fire, whatever is logged.',
      action: "Read the ruler's line 'Evaluating rule failed'; run the query in Grafana.",
    },
    {
      alert: 'LokiRulesLate',
      expr: `time() - ${lastEvaluation} > 60 + 3 * ${ofRuler('loki_prometheus_rule_group_interval_seconds')}`,
      for: '5m',
      severity: 'critical',
      title: 'Log alerts are evaluated late',
      description: '{{ $labels.rule_group }} was last evaluated {{ $value | humanizeDuration }} ago.',
      impact: 'Its alerts come late or not at all.',
      action: "See the ruler's CPU and memory, and which query takes so long; give it more, or a longer interval.",
    },
    {
      alert: 'LokiAlertsNotSent',
      expr: `sum by (namespace, job, alertmanager) (increase(${ofRuler('loki_prometheus_notifications_dropped_total')}[5m])) > 0`,
      // While an Alertmanager restarts, alerts wait a minute for the next try.
      for: '5m',
      severity: alertmanager.replicas > 1 ? 'warning' : 'critical',
      title: "Loki's alerts do not reach Alertmanager",
      description: 'Loki dropped {{ $value | printf "%.0f" }} alerts for {{ $labels.alertmanager }} in five minutes.',
      impact: alertmanager.replicas > 1 ? 'The other Alertmanagers get them.' : 'Log alerts fire, and nobody is told.',
      action: 'See whether Alertmanager runs, and whether a NetworkPolicy stands between the two.',
    },
    {
      alert: 'LokiRequestErrors',
      expr: `${requests('status_code=~"5..",route!="ready"')} / ${requests('route!="ready"')} > 0.1`,
      for: '15m',
      severity: 'warning',
      title: 'Loki answers with errors: {{ $labels.job }} {{ $labels.route }}',
      description: '{{ $value | humanizePercentage }} of the requests fail.',
      impact: 'Logs arrive late, or queries and rules fail.',
      action: "Read Loki's errors; see its memory, its disk and its object storage.",
    },
    {
      alert: 'LokiRefusesLogs',
      // The only sign of some refusals: Loki answers a batch by what became of its last stream.
      expr: `${grown(select('loki_discarded_samples_total', loki), ['namespace', 'job', 'tenant', 'reason'])} > 0`,
      severity: 'warning',
      title: 'Loki refuses log lines: {{ $labels.reason }}',
      description:
        'Loki refused {{ $value | printf "%.0f" }} lines of tenant {{ $labels.tenant }} in 15 minutes: {{ $labels.reason }}.',
      impact: 'Lines above a rate are sent again and come late; lines that are too long or too old are lost.',
      action: "Read Loki's line 'write operation failed': it names the limit, and often the stream.",
    },
    {
      alert: 'LokiTooManyStreams',
      expr: `sum by (namespace, job, pod) (${select('loki_ingester_memory_streams', loki)}) * ${BYTES_PER_STREAM} > 0.5 * max by (namespace, job, pod) (${select('go_gc_gomemlimit_bytes', loki)})`,
      // Streams without lines leave the memory after half an hour: a wave of short Jobs is gone by then.
      for: '30m',
      severity: 'warning',
      title: 'Loki holds too many streams: {{ $labels.pod }}',
      description: 'Its streams take {{ $value | humanize1024 }}B of memory, half of what it has, beside their lines.',
      impact: 'Loki takes them all, until its memory is used up: then it restarts, and logs come late.',
      action: 'Give it more memory or more ingesters; see which app starts so many pods.',
    },
    {
      alert: 'LokiFlushFails',
      expr: `sum by (namespace, job, pod) (increase(${select('loki_ingester_chunks_flush_failures_total', loki)}[15m])) > 0`,
      // Each chunk is tried again, in a minute at the latest.
      for: '10m',
      severity: 'critical',
      title: 'Loki can not write to its storage: {{ $labels.pod }}',
      description: '{{ $value | printf "%.0f" }} chunks could not be written in 15 minutes.',
      impact: "Logs are taken and found, but held in memory and on the pod's disk until one of them is full.",
      action: "Read Loki's line 'failed to flush'; see its object storage, credentials and the way there.",
    },
    {
      alert: 'LokiDiskFull',
      // At 90 % Loki refuses lines. The metric is a fraction, whatever its name says.
      expr: `max by (namespace, job, pod) (${select('loki_ingester_wal_disk_usage_percent', loki)}) > 0.8`,
      for: '5m',
      severity: 'critical',
      title: "Loki's disk is almost full: {{ $labels.pod }}",
      description: '{{ $value | humanizePercentage }} of it is used; at 90% Loki refuses log lines.',
      impact: 'No logs are taken, and no alert on them fires.',
      action: 'Enlarge the volume claim, or shorten the retention; see whether retention still runs.',
    },
    {
      alert: 'LokiRetentionStopped',
      // It runs every ten minutes. Before the first run the time is zero, hence an hour for a compactor that starts.
      expr: `time() - max by (namespace, job) (${select('loki_compactor_apply_retention_last_successful_run_timestamp_seconds', [compactor])}) > 3 * 3600`,
      for: '1h',
      severity: 'warning',
      title: 'Loki deletes no old logs',
      description: 'Its compactor has not applied the retention for three hours.',
      impact: 'Storage grows until it is full, and logs are kept longer than promised.',
      action: "Read the compactor's log; see whether it reaches its storage.",
    },
  ];
}

function collectorAlerts({ collector }: PipelineProps): Draft[] {
  const drops: Draft = {
    alert: 'CollectorDropsLogs',
    expr: `${grown(select(DROPPED[collector.kind], [collector]), ['namespace', 'job', 'pod'])} > 0`,
    severity: 'warning',
    title: 'Logs are dropped by {{ $labels.pod }}',
    description: 'It gave up {{ $value | printf "%.0f" }} lines in 15 minutes.',
    impact: 'Log lines of its node are missing, and alerts on them do not fire.',
    action: "Read its log for Loki's answer: a limit, lines that are too old, or Loki was away for too long.",
  };
  const of = (metric: string) => select(metric, [collector]);
  const stuck: Draft = {
    alert: 'CollectorStuck',
    expr: STUCK[collector.kind](of),
    // Longer than a restart of Loki with a replay of its write-ahead log.
    for: '5m',
    severity: 'critical',
    title: 'Logs do not reach Loki: {{ $labels.pod }}',
    description: 'For ten minutes it has sent no line that Loki took, and has lines to send.',
    impact: 'Alerts on the logs of its node do not fire; what is rotated away before it is read is lost.',
    action: 'See whether Loki runs and is ready, its disk is full, or a NetworkPolicy stands between the two.',
  };
  if (collector.kind !== 'opentelemetry') return [drops, stuck];
  return [
    drops,
    stuck,
    {
      alert: 'CollectorQueueFull',
      expr: `${of('otelcol_exporter_queue_size')} / ${of('otelcol_exporter_queue_capacity')} > 0.8`,
      for: '15m',
      severity: 'warning',
      title: 'Logs wait to be sent: {{ $labels.pod }}',
      description: 'Its queue is {{ $value | humanizePercentage }} full; when it is full, files are read no further.',
      impact: 'Logs come late; what is rotated away before it is read is lost.',
      action: 'See whether Loki runs and takes logs, and whether its node logs more than the collector can send.',
    },
  ];
}

function alertmanagerAlerts({ alertmanager }: PipelineProps): Draft[] {
  const of = (metric: string) => select(metric, [alertmanager]);
  return [
    {
      alert: 'AlertmanagerFailsToNotify',
      expr: `sum by (namespace, job, integration, reason) (increase(${of('alertmanager_notifications_failed_total')}[15m])) > 0`,
      severity: 'critical',
      title: 'Messages are not sent: {{ $labels.integration }}',
      description:
        'Alertmanager gave up {{ $value | printf "%.0f" }} messages to {{ $labels.integration }} in 15 minutes: {{ $labels.reason }}.',
      impact: 'Alerts fire, and nobody is told by this way.',
      action: 'Read its log: a webhook that is gone, a Secret that is wrong, no way out of the cluster.',
    },
    {
      alert: 'AlertmanagerConfigNotLoaded',
      expr: `min by (namespace, job) (${of('alertmanager_config_last_reload_successful')}) == 0`,
      for: '5m',
      severity: 'critical',
      title: 'Alertmanager could not load its configuration',
      description: 'It runs with the configuration from before.',
      impact: 'Changed routes and receivers do not take effect; after a restart it does not start.',
      action: 'Read its log; apply dist again.',
    },
    ...(alertmanager.replicas > 1
      ? [
          {
            alert: 'AlertmanagersApart',
            expr: `min by (namespace, job) (${of('alertmanager_cluster_members')}) < ${alertmanager.replicas}`,
            for: '15m',
            severity: 'warning',
            title: 'Alertmanagers do not find each other',
            description: `One of them knows only {{ $value }} of ${alertmanager.replicas}.`,
            impact: 'A message may come several times, and silences do not hold on all of them.',
            action: 'See whether all its pods run, and whether port 9094 is open between them, TCP and UDP.',
          } as const,
        ]
      : []),
  ];
}
