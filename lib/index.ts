export { type CheckAlertmanagerOptions, checkAlertmanagerConfig } from './alertmanager/check';
export type { AlertmanagerConfig, Receiver, Route } from './alertmanager/config';
export { type GotifyReceiverProps, gotifyReceiver } from './alertmanager/gotify';
export type { HeartbeatProps } from './alertmanager/heartbeat';
export { type SecretKey, secretFile } from './alertmanager/mounted-secrets';
export { readAlertmanagerFile } from './alertmanager/read-file';
export { type Labels, resolveRoute } from './alertmanager/routes';
export { type SlackProps, type SlackReceiverProps, slackReceiver } from './alertmanager/slack';
export type { RoutingOptions } from './alertmanager/stack-config';
export { type WebhookReceiverProps, webhookReceiver } from './alertmanager/webhook';
export { CANARY_LINES, CANARY_PERIOD_S } from './canary/log-canary';
export type { CheckId, Severity } from './checks';
export type { CollectorHostOptions } from './collector/host-folders';
export type { Finding, Path, Place } from './findings';
export { formatFinding } from './findings';
export type { RateAlert } from './grafana/dashboard';
export { type ExploreUrlProps, exploreUrl, type TimeRange } from './grafana/explore';
export { type DashboardUrlProps, dashboardUrl, type Links, runbookUrl } from './grafana/links';
export type { GatewayOptions } from './kubernetes/http-route';
export type { IngressOptions } from './kubernetes/ingress';
export type { PodOptions } from './kubernetes/pod-options';
export { LogAlerting } from './log-alerting';
export type {
  AlertmanagerOptions,
  DemoLogAlertingProps,
  DistributedLogAlertingProps,
  GrafanaOptions,
  LogAlertingProps,
  MonitoringProps,
  SingleLogAlertingProps,
} from './log-alerting-props';
export { type LogQLValue, logql } from './logql';
export type { ObjectStorage } from './loki/object-storage';
export type { DistributedLokiOptions, LokiOptions, SingleLokiOptions } from './loki/props';
export type { TenantLimits } from './loki/tenant-limits';
export type { PodsName, PodsOptions } from './pods';
export type { Profile } from './profiles';
export { type SilentProps, silent, type WentSilentProps, wentSilent } from './rules/absence';
export { checkRuleFiles } from './rules/check';
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
export type { CheckOptions } from './rules/options';
export { type ReadRuleFilesOptions, readRuleFiles } from './rules/read';
export { ruleFileToYaml } from './rules/write';
export type { Tenant, Tenants } from './tenants';
