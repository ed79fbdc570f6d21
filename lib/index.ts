import './versions/node';

export { type CheckAlertmanagerOptions, checkAlertmanagerConfig } from './alertmanager/checks/check-config';
export type { AlertmanagerConfig, Receiver, Route } from './alertmanager/config/config';
export { readAlertmanagerFile } from './alertmanager/config/read-file';
export { type Labels, resolveRoute } from './alertmanager/config/routes';
export { type GotifyReceiverProps, gotifyReceiver } from './alertmanager/gotify';
export type { HeartbeatProps } from './alertmanager/heartbeat';
export { type SecretKey, secretFile } from './alertmanager/mounted-secrets';
export { type SlackReceiverProps, slackReceiver } from './alertmanager/slack';
export type { SlackAppProps, SlackProps, SlackUpdates, SlackWebhookProps } from './alertmanager/slack-options';
export { type WebhookReceiverProps, webhookReceiver } from './alertmanager/webhook';
export { LokiAlerts, type LokiAlertsContext, type LokiAlertsProperties } from './cdk8s-plugin';
export type { CheckId, Severity } from './checks';
export type { Diagnosis, Finding, Path, Place } from './checks/findings';
export { formatFinding } from './checks/findings';
export type { CollectorHostOptions } from './collector/host-folders';
export { EVENT_LINES } from './collector/kubernetes-events/fields';
export type {
  CollectorPipeline,
  DropRule,
  LogSelection,
  MultilinePreset,
  MultilineRule,
  RedactPreset,
  RedactRule,
} from './collector/pipeline/options';
export type { RateAlert } from './grafana/dashboard';
export { type ExploreUrlProps, evaluatedRange, exploreUrl, type TimeRange } from './grafana/explore';
export { type DashboardUrlProps, dashboardUrl, type Links, runbookUrl } from './grafana/links';
export { Component } from './kubernetes/component';
export type { GatewayOptions } from './kubernetes/http-route';
export type { IngressOptions } from './kubernetes/ingress';
export { NamespacedChart, type NamespacedChartProps, type PodSecurity } from './kubernetes/namespaced-chart';
export { allowFlows, type ComponentGroup, denyAll, type Flow, type Outside } from './kubernetes/network-policies';
export type { PodDefaults } from './kubernetes/pod';
export type { Affinity, EnvVar, EnvVarSource, KeySelector, Toleration } from './kubernetes/pod-fields';
export type { PodOptions } from './kubernetes/pod-options';
export { type Disk, Program, type ProgramProps } from './kubernetes/program';
export type { Resources } from './kubernetes/resources';
export { type LogQLValue, logql } from './logql';
export type { ExternalLoki, ExternalLokiOptions } from './loki/external';
export type { LokiHandle } from './loki/handle';
export type { ObjectStorage } from './loki/object-storage';
export type { DistributedLokiOptions, LokiOptions, SingleLokiOptions } from './loki/props';
export type { TenantLimits } from './loki/tenant-limits';
export type { Tenant, Tenants } from './loki/tenants';
export { CANARY_LINES, CANARY_PERIOD_S } from './monitoring/log-canary';
export { type SilentProps, silent, type WentSilentProps, wentSilent } from './rules/absence';
export type { CheckOptions } from './rules/check-options';
export { checkRuleFiles } from './rules/check-rules';
export type {
  ConfigMapTarget,
  OperatorTarget,
  PrometheusRuleTarget,
  RuleTarget,
  SharedRuleTarget,
} from './rules/export/target';
export { type FirstSeenProps, firstSeen } from './rules/lines/first-seen';
export { type SampleOptions, type SamplesProps, samples } from './rules/lines/samples';
export {
  type AlertRule,
  type Duration,
  isAlert,
  type RecordingRule,
  type Rule,
  type RuleFile,
  type RuleGroup,
  type Waiver,
} from './rules/model';
export { type ReadRuleFilesOptions, readRuleFiles, type ScanFilesOptions } from './rules/read';
export { ruleFileToYaml } from './rules/write';
export { LogAlerting, type LogAlertingCharts } from './stack/log-alerting';
export { LokiRules, type LokiRulesOptions, type LokiRulesProps } from './stack/loki-rules';
export { Alertmanager, type AlertmanagerProps } from './stack/parts/alertmanager';
export {
  OpenTelemetryCollector,
  type OpenTelemetryCollectorProps,
  Promtail,
  type PromtailProps,
} from './stack/parts/collectors';
export { Grafana, type GrafanaDatasources, type GrafanaProps } from './stack/parts/grafana';
export { KubernetesEvents, type KubernetesEventsProps } from './stack/parts/kubernetes-events';
export {
  DistributedLoki,
  type DistributedLokiProps,
  Loki,
  type LokiProps,
  type RulerAlertmanager,
} from './stack/parts/loki';
export type { PodsName, PodsOptions } from './stack/pods';
export type { Profile } from './stack/profiles';
export type {
  AlertmanagerOptions,
  DemoLogAlertingProps,
  DistributedLogAlertingProps,
  ExternalLogAlertingProps,
  GrafanaOptions,
  LogAlertingProps,
  MonitoringProps,
  ProtectedGrafanaOptions,
  SingleLogAlertingProps,
} from './stack/props';
export type { RoutingOptions } from './stack/routing';
export type { AlertmanagerVersion } from './versions/alertmanager';
