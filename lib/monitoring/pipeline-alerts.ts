import type { CollectorName } from '../collector/collectors';
import { DASHBOARD_UID, PIPELINE_DASHBOARD_UID } from '../grafana/config';
import { dashboardUrl, runbookUrl } from '../grafana/links';
import { counterIncrease, select, type Target } from './promql';

/** Components of the pipeline to monitor. */
export interface PipelineAlertsProps {
  /** Components of Loki: one, or one per target. */
  readonly loki: readonly Target[];
  /** Component that evaluates rules. */
  readonly ruler: Target;
  /** Component that applies the retention. */
  readonly compactor: Target;
  readonly collector: Target & { readonly kind: CollectorName };
  /** Collector of Kubernetes events. @default none */
  readonly events?: Target;
  readonly alertmanager: Target & { readonly replicas: number };
  readonly grafana: Target;
  /** Number of rules in the ruler's rule files. */
  readonly rules: number;
  /** Base URL of Grafana for users, for links to the dashboard and the runbook. */
  readonly grafanaUrl: string;
  /** Link the pipeline dashboard instead of the log alerting dashboard. @default false */
  readonly dashboard?: boolean;
}

/** Components without an external Loki, which is monitored elsewhere, or without the collector. */
export type MonitoredPipeline = Omit<PipelineAlertsProps, 'ruler' | 'compactor' | 'collector'> &
  Partial<Pick<PipelineAlertsProps, 'ruler' | 'compactor' | 'collector'>>;

/** An alerting rule of Prometheus. */
export interface PrometheusAlert {
  readonly alert: string;
  /** PromQL. */
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Each collector's counter of dropped lines, as Prometheus scrapes it. */
export const DROPPED: Readonly<Record<CollectorName, string>> = {
  promtail: 'promtail_dropped_entries_total',
  // By default, the collector's Prometheus reader omits the suffix _total.
  opentelemetry: 'otelcol_exporter_send_failed_log_records',
};

/** Expression for collectors with unsent lines that sent none in five minutes. */
const STUCK: Readonly<Record<CollectorName, (of: (metric: string) => string) => string>> = {
  promtail: (of) => retriesOnly(of('promtail_batch_retries_total'), of('promtail_sent_entries_total')),
  // It has no counter of retries, but reports the size of its queue.
  opentelemetry: (of) =>
    `${of('otelcol_exporter_queue_size')} > 0 unless rate(${of('otelcol_exporter_sent_log_records')}[5m]) > 0`,
};

function retriesOnly(retries: string, sent: string): string {
  const increased = (counter: string) => `sum by (namespace, job, pod) (increase(${counter}[5m])) > 0`;
  return `${increased(retries)} unless ${increased(sent)}`;
}

/**
 * Returns alerts on the log pipeline itself. Prometheus evaluates and sends them, because Loki may be down.
 */
export function pipelineAlerts(props: MonitoredPipeline): PrometheusAlert[] {
  const uid = props.dashboard ? PIPELINE_DASHBOARD_UID : DASHBOARD_UID;
  const links = { dashboard: dashboardUrl({ grafanaUrl: props.grafanaUrl, uid }), runbook: runbookUrl(props) };
  return [...upAlerts(props), ...lokiAlerts(props), ...collectorAlerts(props), ...alertmanagerAlerts(props)].map(
    ({ alert, expr, for: pending, severity, ...annotations }) => ({
      alert,
      expr,
      ...(pending ? { for: pending } : {}),
      // Same labels as the alerts on the pipeline's logs, so that they take the same route.
      labels: { severity, team: 'devops', category: 'pipeline' },
      annotations: { ...annotations, ...links },
    }),
  );
}

interface Draft {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  /** `critical` if log alerts may no longer be delivered. */
  readonly severity: 'warning' | 'critical';
  readonly title: string;
  readonly description: string;
  readonly impact: string;
  readonly action: string;
}

function upAlerts({ loki, collector, events, alertmanager, grafana }: MonitoredPipeline): Draft[] {
  // Without Grafana, alerts are still delivered.
  const groups = [[...loki, alertmanager, ...(events ? [events] : [])], collector ? [collector] : []].filter(
    (targets) => targets.length > 0,
  );
  return [
    {
      alert: 'PipelinePartDown',
      // A component that is missing from service discovery has no series of `up`.
      expr: [
        ...groups.map((targets) => `sum by (namespace, job) (${select('up', targets)}) == 0`),
        ...groups.flat().map((target) => `absent(${select('up', [target])})`),
      ].join('\nor\n'),
      // Longer than a restart that replays the write-ahead log.
      for: '5m',
      severity: 'critical',
      title: '{{ $labels.job }} is down',
      description: 'No pod of {{ $labels.namespace }}/{{ $labels.job }} could be scraped for five minutes.',
      impact: 'Logs are not ingested, rules not evaluated, or notifications not sent: log alerts may not arrive.',
      action: 'kubectl -n {{ $labels.namespace }} get pods; describe a pod that is not ready, and check its log.',
    },
    {
      alert: 'PipelinePodDown',
      expr: groups
        .map((targets, i) => (i === 0 ? [...targets, grafana] : targets))
        .map((targets) => `count by (namespace, job) (${select('up', targets)} == 0)`)
        .join('\nor\n'),
      // Longer than the replacement of a node.
      for: '15m',
      severity: 'warning',
      title: 'Some pods of {{ $labels.job }} are down',
      description:
        'For 15 minutes, {{ $value }} of the pods of {{ $labels.namespace }}/{{ $labels.job }} could not be scraped.',
      impact: 'The other pods still work; logs of a node without a collector arrive late.',
      action: 'kubectl -n {{ $labels.namespace }} get pods -o wide; check the node of the pod.',
    },
  ];
}

/**
 * Memory of a stream in bytes, without its lines: 40,000 streams with a few lines took 276 MB of resident memory.
 */
const BYTES_PER_STREAM = 7000;

function lokiAlerts({ loki, ruler, compactor, rules, alertmanager }: MonitoredPipeline): Draft[] {
  if (!ruler || !compactor) return [];
  const ofRuler = (metric: string) => select(metric, [ruler]);
  const requests = (matchers: string) =>
    `sum by (namespace, job, route) (rate(${select('loki_request_duration_seconds_count', loki, matchers)}[5m]))`;
  const lastEvaluation = ofRuler('loki_prometheus_rule_group_last_evaluation_timestamp_seconds');
  return [
    {
      alert: 'LokiRulesNotLoaded',
      // If a file can't be read, Loki keeps the old rules, or has none after a restart, and no metric reports it. The
      // only sign is the number of rules. A ruler without rules does not have that series: it counts as zero while it
      // is up.
      expr: [
        `min by (namespace, job) (${ofRuler('loki_ruler_config_last_reload_successful')}) == 0`,
        `(sum by (namespace, job) (${ofRuler('loki_prometheus_rule_group_rules')}) or 0 * sum by (namespace, job) (${ofRuler('up')} == 1)) != ${rules}`,
      ].join('\nor\n'),
      // A change of the ConfigMaps takes two minutes to reach the ruler.
      for: '15m',
      severity: 'critical',
      title: 'Loki has not loaded its rules',
      description: `Loki's ruler has not loaded the ${rules} rules in its rule files.`,
      impact: 'Changes to alerts have no effect; after a restart there are no alerts at all.',
      action: `kubectl -n {{ $labels.namespace }} logs -l app.kubernetes.io/name={{ $labels.job }} | grep 'unable to list rules'`,
    },
    {
      alert: 'LokiRuleFails',
      expr: `sum by (namespace, job, rule_group) (increase(${ofRuler('loki_prometheus_rule_evaluation_failures_total')}[5m])) > 0`,
      // Ignores a single failure while Loki restarts.
      for: '10m',
      severity: 'critical',
      title: 'Log alerts are not evaluated',
      description: 'Rules of {{ $labels.rule_group }} failed {{ $value | printf "%.0f" }} times in five minutes.',
      impact: 'These alerts do not fire.',
      action: "Check the ruler's log for 'Evaluating rule failed'; run the query in Grafana.",
    },
    {
      alert: 'LokiRulesLate',
      expr: `time() - ${lastEvaluation} > 60 + 3 * ${ofRuler('loki_prometheus_rule_group_interval_seconds')}`,
      for: '5m',
      severity: 'critical',
      title: 'Log alerts are evaluated late',
      description: '{{ $labels.rule_group }} was last evaluated {{ $value | humanizeDuration }} ago.',
      impact: 'Its alerts arrive late or not at all.',
      action: "Check the ruler's CPU and memory, and find the slow query; raise the resources or the interval.",
    },
    {
      alert: 'LokiAlertsNotSent',
      expr: `sum by (namespace, job, alertmanager) (increase(${ofRuler('loki_prometheus_notifications_dropped_total')}[5m])) > 0`,
      // While an Alertmanager restarts, alerts are retried after a minute.
      for: '5m',
      severity: alertmanager.replicas > 1 ? 'warning' : 'critical',
      title: 'Loki cannot send alerts to Alertmanager',
      description: 'Loki dropped {{ $value | printf "%.0f" }} alerts to {{ $labels.alertmanager }} in five minutes.',
      impact: alertmanager.replicas > 1 ? 'The other Alertmanagers receive them.' : 'No one is notified of log alerts.',
      action: 'Check that Alertmanager is running, and that no NetworkPolicy blocks the connection.',
    },
    {
      alert: 'LokiRequestErrors',
      expr: `${requests('status_code=~"5..",route!="ready"')} / ${requests('route!="ready"')} > 0.1`,
      for: '15m',
      severity: 'warning',
      title: 'Loki returns errors: {{ $labels.job }} {{ $labels.route }}',
      description: '{{ $value | humanizePercentage }} of the requests fail.',
      impact: 'Logs arrive late, or queries and rules fail.',
      action: "Check Loki's log, memory, disk and object storage.",
    },
    {
      alert: 'LokiRefusesLogs',
      // The only sign of some rejected lines: Loki's response to a batch depends on its last stream.
      expr: `${counterIncrease(select('loki_discarded_samples_total', loki), ['namespace', 'job', 'tenant', 'reason'])} > 0`,
      severity: 'warning',
      title: 'Loki rejects log lines: {{ $labels.reason }}',
      description:
        'Loki rejected {{ $value | printf "%.0f" }} lines of tenant {{ $labels.tenant }} in 15 minutes: {{ $labels.reason }}.',
      impact: 'Rate-limited lines are retried and arrive late; lines that are too long or too old are lost.',
      action: "Check Loki's log for 'write operation failed': it has the limit, and often the stream.",
    },
    {
      alert: 'LokiTooManyStreams',
      expr: `sum by (namespace, job, pod) (${select('loki_ingester_memory_streams', loki)}) * ${BYTES_PER_STREAM} > 0.5 * max by (namespace, job, pod) (${select('go_gc_gomemlimit_bytes', loki)})`,
      // Idle streams leave memory after half an hour: this ignores a burst of short Jobs.
      for: '30m',
      severity: 'warning',
      title: 'Loki has too many streams: {{ $labels.pod }}',
      description: 'Its streams take {{ $value | humanize1024 }}B, more than half of its memory, without their lines.',
      impact: 'Loki accepts more streams until it runs out of memory: then it restarts, and logs arrive late.',
      action: 'Raise its memory or the number of ingesters; find the app that starts so many pods.',
    },
    {
      alert: 'LokiFlushFails',
      expr: `sum by (namespace, job, pod) (increase(${select('loki_ingester_chunks_flush_failures_total', loki)}[15m])) > 0`,
      // Loki retries each chunk within a minute.
      for: '10m',
      severity: 'critical',
      title: 'Loki cannot write to its storage: {{ $labels.pod }}',
      description: 'Loki failed to write {{ $value | printf "%.0f" }} chunks in 15 minutes.',
      impact:
        "Logs are still ingested and queried, but stay in memory and on the pod's disk until one of them is full.",
      action: "Check Loki's log for 'failed to flush'; check the object storage, its credentials and the network.",
    },
    {
      alert: 'LokiDiskFull',
      // At 90% Loki rejects lines. The metric is a fraction, despite its name.
      expr: `max by (namespace, job, pod) (${select('loki_ingester_wal_disk_usage_percent', loki)}) > 0.8`,
      for: '5m',
      severity: 'critical',
      title: "Loki's disk is almost full: {{ $labels.pod }}",
      description: 'The disk is {{ $value | humanizePercentage }} full; at 90% Loki rejects log lines.',
      impact: 'No logs are ingested, and no log alerts fire.',
      action: 'Expand the volume claim, or shorten the retention; check that the retention still runs.',
    },
    {
      alert: 'LokiRetentionStopped',
      // It runs every ten minutes. Before the first run the timestamp is zero, so a new compactor gets an hour.
      expr: `time() - max by (namespace, job) (${select('loki_compactor_apply_retention_last_successful_run_timestamp_seconds', [compactor])}) > 3 * 3600`,
      for: '1h',
      severity: 'warning',
      title: 'Loki does not delete old logs',
      description: 'The compactor has not applied the retention for three hours.',
      impact: 'Storage grows until it is full, and logs are kept for longer than the retention.',
      action: "Check the compactor's log, and that it can reach its storage.",
    },
  ];
}

function collectorAlerts({ collector }: MonitoredPipeline): Draft[] {
  if (!collector) return [];
  const drops: Draft = {
    alert: 'CollectorDropsLogs',
    expr: `${counterIncrease(select(DROPPED[collector.kind], [collector]), ['namespace', 'job', 'pod'])} > 0`,
    severity: 'warning',
    title: 'Collector drops logs: {{ $labels.pod }}',
    description: 'It dropped {{ $value | printf "%.0f" }} lines in 15 minutes.',
    impact: 'Logs of its node are missing, and alerts on them do not fire.',
    action: "Check its log for Loki's response: a limit, lines that are too old, or Loki was down for too long.",
  };
  const of = (metric: string) => select(metric, [collector]);
  const stuck: Draft = {
    alert: 'CollectorStuck',
    expr: STUCK[collector.kind](of),
    // Longer than a restart of Loki that replays the write-ahead log.
    for: '5m',
    severity: 'critical',
    title: 'Logs do not reach Loki: {{ $labels.pod }}',
    description: 'It has unsent lines, but Loki has not accepted any for ten minutes.',
    impact: 'Alerts on the logs of its node do not fire; log files that are rotated before they are read are lost.',
    action: 'Check that Loki is ready, that its disk is not full, and that no NetworkPolicy blocks the connection.',
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
      title: 'Collector queue is almost full: {{ $labels.pod }}',
      description: 'Its queue is {{ $value | humanizePercentage }} full; a full queue pauses the reading of log files.',
      impact: 'Logs arrive late; log files that are rotated before they are read are lost.',
      action: 'Check that Loki accepts logs, and whether the node logs more than the collector can send.',
    },
  ];
}

function alertmanagerAlerts({ alertmanager }: MonitoredPipeline): Draft[] {
  const of = (metric: string) => select(metric, [alertmanager]);
  return [
    {
      alert: 'AlertmanagerFailsToNotify',
      expr: `sum by (namespace, job, integration, reason) (increase(${of('alertmanager_notifications_failed_total')}[15m])) > 0`,
      severity: 'critical',
      title: 'Notifications fail: {{ $labels.integration }}',
      description:
        'Alertmanager failed to send {{ $value | printf "%.0f" }} notifications in 15 minutes: {{ $labels.reason }}.',
      impact: 'No one is notified of alerts via this integration.',
      action: 'Check its log: a deleted webhook, a wrong Secret, or no egress from the cluster.',
    },
    {
      alert: 'AlertmanagerConfigNotLoaded',
      expr: `min by (namespace, job) (${of('alertmanager_config_last_reload_successful')}) == 0`,
      for: '5m',
      severity: 'critical',
      title: 'Alertmanager failed to load its configuration',
      description: 'It still uses the previous configuration.',
      impact: 'Changes to routes and receivers have no effect; after a restart Alertmanager fails to start.',
      action: 'Check its log; apply the manifests again.',
    },
    ...(alertmanager.replicas > 1
      ? [
          {
            alert: 'AlertmanagersApart',
            expr: `min by (namespace, job) (${of('alertmanager_cluster_members')}) < ${alertmanager.replicas}`,
            for: '15m',
            severity: 'warning',
            title: 'Alertmanager cluster is incomplete',
            description: `An Alertmanager sees only {{ $value }} of ${alertmanager.replicas} cluster members.`,
            impact: 'Notifications may be sent more than once, and silences may not apply to all Alertmanagers.',
            action: 'Check that all pods are running, and that port 9094 is open between them, TCP and UDP.',
          } as const,
        ]
      : []),
  ];
}
