/** Finds, starts and stops Loki, Promtail, OpenTelemetry Collector, Alertmanager, promtool, amtool and MinIO. */
export { type Engine, type EngineName, type EngineSource, engineNames, type OnProgress } from './engine';
export { ensureEngines, type FindOptions, findEngine } from './find';
export {
  type LogEntry,
  type LogResult,
  type LogStream,
  LokiClient,
  type MetricSeries,
  type QueryResult,
  type RangeQuery,
  type RulerGroup,
  type RulerRule,
  type Span,
} from './loki-client';
export { type QuickLokiOptions, quickLokiConfig } from './loki-config';
export { type LokiClientOptions, LokiHttp, LokiRefusal, NoAnswer } from './loki-http';
export { type CommandOptions, type Output, run } from './run';
export {
  type EngineAddress,
  type EngineConfig,
  type RunningEngine,
  type RunningServer,
  type StartOptions,
  startAlertmanager,
  startLoki,
  startMinio,
  startOtelCollector,
  startPromtail,
} from './start';
export { type SinkAnswer, type SinkRequest, startWebhookSink, type WebhookSink } from './webhook-sink';
