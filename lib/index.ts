export { checkAlertmanagerConfig } from './alertmanager/checks/check-config';
export type { AlertmanagerConfig, Receiver, Route } from './alertmanager/config/config';
export { readAlertmanagerFile } from './alertmanager/config/read-file';
export { resolveRoute } from './alertmanager/config/routes';
export { type GotifyProps, gotifyReceiver } from './alertmanager/gotify';
export type { HeartbeatProps } from './alertmanager/heartbeat';
export { secretFile } from './alertmanager/mounted-secrets';
export { type SlackProps, slackReceiver } from './alertmanager/slack';
export { type WebhookProps, webhookReceiver } from './alertmanager/webhook';
export type { CheckId, Severity } from './checks';
export type { Finding, Path, Place } from './checks/findings';
export { formatFinding } from './checks/findings';
export type { RateAlert } from './grafana/dashboard';
export { exploreUrl } from './grafana/explore';
export { dashboardUrl, runbookUrl } from './grafana/links';
export type { PodOptions } from './kubernetes/pod-options';
export { logql } from './logql';
export type { ObjectStorage } from './loki/object-storage';
export type { DistributedLokiOptions, LokiOptions, SingleLokiOptions } from './loki/system';
export { CANARY_LINES, CANARY_PERIOD_S } from './monitoring/log-canary';
export { silent, wentSilent } from './rules/absence';
export { checkRuleFiles } from './rules/check-rules';
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
export { readRuleFiles } from './rules/read';
export { ruleFileToYaml } from './rules/write';
export { LogAlerting } from './stack/log-alerting';
export type { PodsName, PodsOptions } from './stack/pods';
export type { Profile } from './stack/profiles';
export type { LogAlertingProps } from './stack/props';
