import type { HeartbeatProps } from '../alertmanager/heartbeat';
import type { SlackProps } from '../alertmanager/slack';
import type { CollectorName } from '../collector/collectors';
import type { CollectorHostOptions } from '../collector/host-folders';
import type { HttpClientProps } from '../demo/http-client';
import type { RateAlert } from '../grafana/dashboard';
import type { ExposureOptions } from '../kubernetes/exposure';
import type { DistributedLokiOptions, SingleLokiOptions } from '../loki/props';
import type { Tenants } from '../loki/tenants';
import type { RuleFile } from '../rules/model';
import type { DeployedImage } from '../versions/images';
import type { PodsOptions } from './pods';
import type { RoutingOptions } from './routing';

/** Options that every profile has. */
export interface SharedLogAlertingProps {
  /** Rule files that Loki evaluates. */
  readonly rules: readonly RuleFile[];
  /**
   * Teams that share Loki: each with the logs of its namespaces, rules that see no others, and limits of its own. All other
   * namespaces, and `rules`, are the stack's own tenant's. @default one tenant
   * @see docs/tenants.md
   */
  readonly tenants?: Tenants;
  /** The alert whose rate and threshold the dashboard draws. */
  readonly rateAlert: RateAlert;
  /** Runbook of the alerts, in Markdown, shown on the dashboard; `runbookUrl` links it. @default none */
  readonly runbook?: string;
  /**
   * Slack, for the stack's own receivers; not together with `routing.config`.
   * @default the demo's slack-inbox, which only logs them; required without the demo
   */
  readonly slack?: SlackProps;
  /** Further routes and receivers, and the times of notifications. @default the stack's own */
  readonly routing?: RoutingOptions;
  /**
   * Service outside that is called for as long as logs arrive and alerts work, and notifies people when the calls end: the
   * one message that comes also when Loki or Alertmanager is what broke. Needs an alert `Watchdog`, as in
   * `rules/watchdog.ts`.
   * @default none
   * @see docs/receivers.md
   */
  readonly heartbeat?: HeartbeatProps;
  /**
   * Collector that reads the pods' logs on each node: `opentelemetry`, the OpenTelemetry Collector, or `promtail`, which
   * has reached its end of life; with the same labels, lines and times.
   * @default 'opentelemetry'; 'promtail' with profile `demo`
   * @see docs/collectors.md
   */
  readonly collector?: CollectorName;
  /**
   * Time at which the collector takes over from another one, which has the earlier lines; in RFC 3339, as in
   * `2026-12-01T10:00:00Z`. Only supported by `opentelemetry`. @default none, it reads all that is in the files
   * @see docs/collectors.md, "The move"
   */
  readonly collectFrom?: string;
  /**
   * The collector's folders of the nodes' file systems, for clusters that allow fewer: `{ dockerLogs: false, positions:
   * 'emptyDir' }` for GKE Autopilot. @default as in `CollectorHostOptions`
   * @see docs/collectors.md
   */
  readonly collectorHost?: CollectorHostOptions;
  /** Number of Alertmanagers, the Secrets that they read, and access to them. @default one; three with profile `distributed` */
  readonly alertmanager?: AlertmanagerOptions;
  /**
   * Base URL of Grafana as people open it; alerts link to it. A path, as in `https://tools.example.com/grafana`, is for a proxy
   * that removes it. @default that of `ingress` or `gateway`, or 'http://localhost:3000'
   */
  readonly grafanaUrl?: string;
  /**
   * Base URL of Alertmanager as people open it; with a path as `grafanaUrl`.
   * @default that of `ingress` or `gateway`, or 'http://localhost:9093'
   */
  readonly alertmanagerUrl?: string;
  /**
   * Registry, and folder in it, that all images are pulled from by their own names, `grafana/loki:<tag>` as
   * `<imageRegistry>/grafana/loki:<tag>`: a mirror, or a proxy. @default Docker Hub
   */
  readonly imageRegistry?: string;
  /**
   * Other references for some images, as they are: by digest, `grafana/loki:<tag>@sha256:…`, or from elsewhere.
   * @default those of lib/versions/images.ts, by tag
   */
  readonly images?: Readonly<Partial<Record<DeployedImage, string>>>;
  /** Secrets with which images are pulled; each must be in each of the namespaces. @default none */
  readonly imagePullSecrets?: readonly string[];
  /** Priority class of all pods but the demo's; it must be in the cluster. @default the cluster's default */
  readonly priorityClassName?: string;
  /**
   * Settings of the pods of each component, by its name in the cluster: resources, nodes, labels, environment, priority;
   * `log-collector` is the collector, whichever it is. @default as each component has them
   * @see docs/customizing.md
   */
  readonly pods?: PodsOptions;
  /** Storage class of the volume claims. @default the cluster's default class */
  readonly storageClassName?: string;
  /**
   * The log spammer, the service that it floods and, where messages go to it, the slack-inbox.
   * @default with their defaults in profile `demo`; none in the others
   */
  readonly demo?: Pick<HttpClientProps, 'rate' | 'replicas'>;
  /** Refuses every connection that the stack does not need. @default true */
  readonly networkPolicies?: boolean;
  /**
   * TCP ports of the Kubernetes API server's endpoints (`kubectl get endpointslices kubernetes`), which the log collector may
   * connect to. @default 443, 6443, 8443 and 16443
   */
  readonly kubernetesApiPorts?: readonly number[];
  /** Prometheus Operator that scrapes the stack and alerts on it; its CRDs must be in the cluster. @default none */
  readonly monitoring?: MonitoringProps;
  /** Names of the namespaces; that of the demo only with the demo. @default logging, log-collector, demo */
  readonly namespaces?: { readonly logging?: string; readonly logCollector?: string; readonly demo?: string };
  /** Values that the label `severity` may have. @default info, warning, critical */
  readonly severities?: readonly string[];
  /** Fails the synthesis for warnings of the checks too. @default false */
  readonly strict?: boolean;
}

/** Options of the demo: one Loki, the log spammer and its slack-inbox. */
export interface DemoLogAlertingProps extends SharedLogAlertingProps {
  /** Deployment profile. @default 'demo' */
  readonly profile?: 'demo';
  /** Retention, evaluation interval, limits and disk of Loki. @default as in `SingleLokiOptions` */
  readonly loki?: SingleLokiOptions;
  /** Access to Grafana. @default anonymous, for everybody who can reach it */
  readonly grafana?: GrafanaOptions;
}

/** Options of a stack with one Loki that stays. */
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
  /** Object storage of Loki, number of each target's pods, retention, evaluation interval, limits and disks. */
  readonly loki: DistributedLokiOptions;
  /** Access to Grafana. */
  readonly grafana: ProtectedGrafanaOptions;
}

/**
 * Options of `LogAlerting`; `profile` says which.
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
export type LogAlertingProps = DemoLogAlertingProps | SingleLogAlertingProps | DistributedLogAlertingProps;

/** Prometheus that scrapes the stack and alerts on it. */
export interface MonitoringProps {
  /** Namespace of the Prometheus that scrapes: the only one that may connect to the components for it. */
  readonly namespace: string;
  /** Labels that it selects ServiceMonitors, PodMonitors and PrometheusRules by. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Base URL, as pods reach it, of this or of another place that has its metrics, such as
   * `http://prometheus-operated.monitoring.svc:9090` or `http://thanos-query.thanos.svc:9090`: Grafana then shows the
   * dashboard of the pipeline. The port must be that of its pods, which NetworkPolicies see. @default no such dashboard
   */
  readonly prometheusUrl?: string;
}

/** Alertmanagers, the Secrets that they read, and access to them. */
export interface AlertmanagerOptions extends ExposureOptions {
  /**
   * Number of Alertmanagers; 3 in production. From one to several, and back, Kubernetes can't change the StatefulSet:
   * delete it once with `kubectl delete statefulset alertmanager --cascade=orphan` before the apply.
   * @default 1; 3 with profile `distributed`
   */
  readonly replicas?: number;
  /**
   * Secrets in its namespace whose keys receivers read as files, at `/etc/alertmanager/secrets/<name>/<key>`:
   * `secretFile` returns that path. Those that `slack` and `heartbeat` name are mounted without being listed.
   * @default none
   */
  readonly secrets?: readonly string[];
  /**
   * Secret with Alertmanager's password: `web.yml`, its web configuration with the bcrypt hash below `basic_auth_users`,
   * and the `username` and `password` that Loki, Grafana and Prometheus send. Required with `ingress` or `gateway`.
   * @default none, only NetworkPolicies limit who may connect
   * @see docs/hardening.md
   */
  readonly basicAuthSecret?: string;
}

/** Access to Grafana; from outside, by `ingress` or `gateway`, only with a password. */
export interface GrafanaOptions extends ExposureOptions {
  /** Secret with the keys `user` and `password` of Grafana's administrator. @default none, anonymous access */
  readonly adminSecret?: string;
}

/** Access to Grafana with a password, as every profile but `demo` requires it. */
export interface ProtectedGrafanaOptions extends GrafanaOptions {
  readonly adminSecret: string;
}
