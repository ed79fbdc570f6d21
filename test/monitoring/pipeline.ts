import { type PipelineAlertsProps, type PrometheusAlert, pipelineAlerts } from '../../lib/monitoring/pipeline-alerts';

const logging = (name: string) => ({ namespace: 'logging', name });

/** A single Loki, with Promtail. */
export const SINGLE: PipelineAlertsProps = {
  loki: [logging('loki')],
  ruler: logging('loki'),
  compactor: logging('loki'),
  collector: { namespace: 'log-collector', name: 'promtail', kind: 'promtail' },
  alertmanager: { ...logging('alertmanager'), replicas: 1 },
  grafana: logging('grafana'),
  rules: 7,
  grafanaUrl: 'http://localhost:3000',
};

/** A distributed Loki, represented by three targets, with the OpenTelemetry Collector. */
export const DISTRIBUTED: PipelineAlertsProps = {
  ...SINGLE,
  loki: ['loki-ingester', 'loki-compactor', 'loki-ruler'].map(logging),
  ruler: logging('loki-ruler'),
  compactor: logging('loki-compactor'),
  collector: { namespace: 'log-collector', name: 'otel-log-collector', kind: 'opentelemetry' },
  alertmanager: { ...logging('alertmanager'), replicas: 3 },
};

export const PIPELINES: readonly [string, PipelineAlertsProps, PrometheusAlert[]][] = [
  ['a single Loki with Promtail', SINGLE, pipelineAlerts(SINGLE)],
  ['a distributed Loki with the OpenTelemetry Collector', DISTRIBUTED, pipelineAlerts(DISTRIBUTED)],
];
