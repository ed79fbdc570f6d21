import type { HeartbeatProps } from '../alertmanager/heartbeat';
import type { SlackProps } from '../alertmanager/slack-options';
import type { CollectorName } from '../collector/collectors';
import type { CollectorHostOptions } from '../collector/host-folders';
import type { CollectorPipeline } from '../collector/pipeline/options';
import type { HttpClientProps } from '../demo/http-client';
import type { RateAlert } from '../grafana/dashboard';
import type { ExposureOptions } from '../kubernetes/exposure';
import type { ExternalLokiOptions } from '../loki/external';
import type { DistributedLokiOptions, SingleLokiOptions } from '../loki/props';
import type { Tenants } from '../loki/tenants';
import type { RuleFile } from '../rules/model';
import type { DeployedImage } from '../versions/images';
import type { PodsOptions } from './pods';
import type { RoutingOptions } from './routing';

/** Options of every profile. */
export interface SharedLogAlertingProps {
  /** Rule files that Loki evaluates. */
  readonly rules: readonly RuleFile[];
  /**
   * Teams that share Loki, each with the logs of its namespaces, rules that only see these logs, and its own limits. All
   * other namespaces, and `rules`, belong to the stack's own tenant. @default one tenant
   * @see docs/tenants.md
   */
  readonly tenants?: Tenants;
  /**
   * Alert of `rules`, or of a tenant, whose rate and threshold the dashboard shows.
   * @default none, the lines per second of each app without a threshold
   */
  readonly rateAlert?: RateAlert;
  /** Runbook of the alerts, in Markdown, shown on the dashboard; `runbookUrl` links to it. @default none */
  readonly runbook?: string;
  /**
   * Slack webhook or app of the stack's own receivers, and their channel; not together with `routing.config`.
   * @default the demo's slack-inbox, which only logs messages; required without the demo
   */
  readonly slack?: SlackProps;
  /** Additional routes and receivers, and the times of notifications. @default the stack's own */
  readonly routing?: RoutingOptions;
  /**
   * External service that is called as long as logs arrive and alerts work, and notifies when the calls stop: the only
   * notification if Loki or Alertmanager itself fails. Requires an alert `Watchdog`, as in `rules/watchdog.ts`.
   * @default none
   * @see docs/receivers.md
   */
  readonly heartbeat?: HeartbeatProps;
  /**
   * Collector of the pods' logs on each node: `opentelemetry`, the OpenTelemetry Collector, or `promtail`, which has
   * reached its end of life. Both produce the same labels, lines and times.
   * @default 'opentelemetry'; 'promtail' with profile `demo`
   * @see docs/collectors.md
   */
  readonly collector?: CollectorName;
  /**
   * Time at which the collector takes over from another one, which has sent the earlier lines; in RFC 3339, e.g.
   * `2026-12-01T10:00:00Z`. Only supported by `opentelemetry`. @default none, all lines in the files
   * @see docs/collectors.md, "The move"
   */
  readonly collectFrom?: string;
  /**
   * Folders of the node that the collector mounts, for clusters that restrict them: `{ dockerLogs: false, positions:
   * 'emptyDir' }` for GKE Autopilot. @default as in `CollectorHostOptions`
   * @see docs/collectors.md
   */
  readonly collectorHost?: CollectorHostOptions;
  /**
   * Changes to log lines on the node, before they are sent: stack traces as one entry, lines that are dropped, and text
   * that is replaced. The same with either collector. @default none
   * @see docs/collectors.md, "Multi-line entries, dropped lines and redaction"
   */
  readonly collectorPipeline?: CollectorPipeline;
  /**
   * Name of the cluster: the label `cluster` of all lines, and of all alerts, so that messages and routes distinguish
   * several clusters. With an external Loki, only of the lines. @default none, no such label
   * @see docs/collectors.md, "Several clusters"
   */
  readonly cluster?: string;
  /**
   * Also collects the systemd journal of each node, in namespace `journal`. Only supported by `promtail`. @default false
   * @see docs/collectors.md, "The journal of the nodes"
   */
  readonly journald?: boolean;
  /**
   * Sends Kubernetes events to Loki, and the containers that ran out of memory, for the rules `kubernetesEvents`, and
   * marks their warnings on the dashboard. Their only stream label is `stream="kubernetes-events"`. @default false
   * @see docs/kubernetes-events.md
   */
  readonly kubernetesEvents?: boolean;
  /** Replicas and Secrets of Alertmanager, and access to it. @default one replica; three with profile `distributed` */
  readonly alertmanager?: AlertmanagerOptions;
  /**
   * Base URL of Grafana in a browser, for links in alerts. A path, as in `https://tools.example.com/grafana`, requires
   * a proxy that removes it. @default that of `ingress` or `gateway`, or 'http://localhost:3000'
   */
  readonly grafanaUrl?: string;
  /**
   * Base URL of Alertmanager in a browser; with a path like `grafanaUrl`.
   * @default that of `ingress` or `gateway`, or 'http://localhost:9093'
   */
  readonly alertmanagerUrl?: string;
  /**
   * Registry, with an optional path, of a mirror or proxy that all images are pulled from: `grafana/loki:<tag>` as
   * `<imageRegistry>/grafana/loki:<tag>`. @default Docker Hub
   */
  readonly imageRegistry?: string;
  /**
   * References that replace those of some images: with a digest, `grafana/loki:<tag>@sha256:…`, or in another registry.
   * @default those of lib/versions/images.ts, by tag
   */
  readonly images?: Readonly<Partial<Record<DeployedImage, string>>>;
  /** Secrets for pulling images, which must exist in each namespace. @default none */
  readonly imagePullSecrets?: readonly string[];
  /** Priority class of all pods but the demo's; it must exist in the cluster. @default the cluster's default */
  readonly priorityClassName?: string;
  /**
   * Settings of pods, by the component's name in the cluster: resources, nodes, labels, environment, priority. Either
   * collector is `log-collector`. @default those of each component
   * @see docs/customizing.md
   */
  readonly pods?: PodsOptions;
  /** Storage class of the volume claims. @default the cluster's default class */
  readonly storageClassName?: string;
  /**
   * The log spammer, the service that it floods, and the slack-inbox if messages are sent to it.
   * @default their defaults with profile `demo`; none with the others
   */
  readonly demo?: Pick<HttpClientProps, 'rate' | 'replicas'>;
  /** Denies every connection that the stack does not require. @default true */
  readonly networkPolicies?: boolean;
  /**
   * TCP ports of the Kubernetes API server's endpoints (`kubectl get endpointslices kubernetes`), which the log
   * collector and that of Kubernetes events connect to. @default 443, 6443, 8443 and 16443
   */
  readonly kubernetesApiPorts?: readonly number[];
  /** Prometheus Operator that scrapes the stack and alerts on it; its CRDs must exist in the cluster. @default none */
  readonly monitoring?: MonitoringProps;
  /** Names of the namespaces; `demo` is only supported with the demo. @default logging, log-collector, demo */
  readonly namespaces?: { readonly logging?: string; readonly logCollector?: string; readonly demo?: string };
  /** Values that the label `severity` may have. @default info, warning, critical */
  readonly severities?: readonly string[];
  /** Also fails the synthesis for warnings. @default false */
  readonly strict?: boolean;
}

/** Options of the demo: one Loki, the log spammer and its slack-inbox. */
export interface DemoLogAlertingProps extends SharedLogAlertingProps {
  /** Deployment profile. @default 'demo' */
  readonly profile?: 'demo';
  /** Retention, evaluation interval, limits and disk of Loki. @default as in `SingleLokiOptions` */
  readonly loki?: SingleLokiOptions;
  /** Access to Grafana. @default anonymous */
  readonly grafana?: GrafanaOptions;
}

/** Options of a stack with a single Loki. */
export interface SingleLogAlertingProps extends SharedLogAlertingProps {
  /** Deployment profile. */
  readonly profile: 'single';
  /** Retention, evaluation interval, limits and disk of Loki. @default as in `SingleLokiOptions` */
  readonly loki?: SingleLokiOptions;
  /** Access to Grafana. */
  readonly grafana: ProtectedGrafanaOptions;
}

/** Options of a stack with a distributed Loki on object storage. */
export interface DistributedLogAlertingProps extends SharedLogAlertingProps {
  /** Deployment profile. */
  readonly profile: 'distributed';
  /** Object storage, replicas of each target, retention, evaluation interval, limits and disks of Loki. */
  readonly loki: DistributedLokiOptions;
  /** Access to Grafana. */
  readonly grafana: ProtectedGrafanaOptions;
}

/** Options of a stack whose Loki is not part of the app. */
export interface ExternalLogAlertingProps extends Omit<SharedLogAlertingProps, 'collector'> {
  /** Deployment profile. @default 'external' with `loki.external` */
  readonly profile?: 'external';
  /** Addresses of Loki, credentials, and the form of its rules. @see docs/existing-loki.md */
  readonly loki: ExternalLokiOptions;
  /**
   * Collector that sends the logs to Loki, as in the other profiles, or `false` if another one does. `opentelemetry`
   * requires a setting of that Loki, so that lines have the same labels as with `promtail`.
   * @default false
   * @see docs/existing-loki.md, "The collector"
   */
  readonly collector?: CollectorName | false;
  /** Access to Grafana. */
  readonly grafana: ProtectedGrafanaOptions;
}

/**
 * Options of `LogAlerting`, depending on `profile`.
 *
 * @example
 * const production: LogAlertingProps = {
 *   profile: 'single',
 *   rules: readRuleFiles('rules'),
 *   rateAlert: HIGH_LOG_RATE,
 *   slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
 *   grafana: { adminSecret: 'grafana-admin' },
 *   loki: { retention: '30d', storage: '50Gi' },
 * };
 */
export type LogAlertingProps =
  | DemoLogAlertingProps
  | SingleLogAlertingProps
  | DistributedLogAlertingProps
  | ExternalLogAlertingProps;

/** Prometheus that scrapes the stack and alerts on it. */
export interface MonitoringProps {
  /** Namespace of Prometheus, from which NetworkPolicies allow scrapes. */
  readonly namespace: string;
  /** Labels by which it selects ServiceMonitors, PodMonitors and PrometheusRules. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * In-cluster base URL of this Prometheus, or of another source of its metrics, for the pipeline dashboard in Grafana:
   * `http://prometheus-operated.monitoring.svc:9090` or `http://thanos-query.thanos.svc:9090`. The port must be that of
   * the pods, which NetworkPolicies match. @default none, no pipeline dashboard
   */
  readonly prometheusUrl?: string;
}

/** Replicas and Secrets of Alertmanager, and access to it. */
export interface AlertmanagerOptions extends ExposureOptions {
  /**
   * Number of replicas; use 3 in production. Kubernetes cannot update the StatefulSet between one and several: first
   * delete it with `kubectl delete statefulset alertmanager --cascade=orphan`.
   * @default 1; 3 with profile `distributed`
   */
  readonly replicas?: number;
  /**
   * Secrets in its namespace whose keys receivers read as files, at `/etc/alertmanager/secrets/<name>/<key>`, see
   * `secretFile`. The Secrets of `slack` and `heartbeat` are mounted without being listed.
   * @default none
   */
  readonly secrets?: readonly string[];
  /**
   * Secret with Alertmanager's password: `web.yml`, the web configuration with the bcrypt hash in `basic_auth_users`,
   * and the `username` and `password` of Loki, Grafana and Prometheus. Required with `ingress` or `gateway`.
   * @default none, access is only limited by NetworkPolicies
   * @see docs/hardening.md
   */
  readonly basicAuthSecret?: string;
  /**
   * Records each alert, notification and silence as a line of Alertmanager's log, for the dashboard and
   * `loki-alerts history`. Requires the stack's collector, which leaves out the annotations.
   * @default false
   * @see docs/history.md
   */
  readonly eventRecorder?: boolean;
}

/** Access to Grafana; `ingress` and `gateway` require a password. */
export interface GrafanaOptions extends ExposureOptions {
  /** Secret with the keys `user` and `password` of Grafana's administrator. @default none, anonymous access */
  readonly adminSecret?: string;
}

/** Access to Grafana with a password, which every profile but `demo` requires. */
export interface ProtectedGrafanaOptions extends GrafanaOptions {
  readonly adminSecret: string;
}
