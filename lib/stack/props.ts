import type { HeartbeatProps } from '../alertmanager/heartbeat';
import type { SlackProps } from '../alertmanager/slack';
import type { CollectorName } from '../collector/collectors';
import type { CollectorHostOptions } from '../collector/host-folders';
import type { HttpClientProps } from '../demo/http-client';
import type { RateAlert } from '../grafana/dashboard';
import type { ExposureOptions } from '../kubernetes/exposure';
import type { LokiOptions } from '../loki/system';
import type { Tenants } from '../loki/tenants';
import type { RuleFile } from '../rules/model';
import type { DeployedImage } from '../versions/images';
import type { PodsOptions } from './pods';
import type { Profile } from './profiles';
import type { RoutingProps } from './routing';

export interface LogAlertingProps {
  /** What the stack is for: to be looked at, one Loki that stays, or a distributed one. @default 'demo' */
  readonly profile?: Profile;
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
  /** What to do about each alert, in Markdown, shown on the dashboard; `runbookUrl` links it. @default none */
  readonly runbook?: string;
  /**
   * How messages reach Slack; not together with `routing.config`.
   * @default the demo's slack-inbox, which only logs them; required without the demo
   */
  readonly slack?: SlackProps;
  /** Further routes and receivers, and how often a person hears of an alert. @default the stack's own */
  readonly routing?: Omit<RoutingProps, 'slack' | 'heartbeat' | 'profile'>;
  /**
   * A service outside that is called for as long as logs arrive and alerts work, and tells people when the calls end: the one message
   * that comes also when Loki or Alertmanager is what broke. Needs an alert `Watchdog`, as in `rules/watchdog.ts`.
   * @default none
   * @see docs/receivers.md
   */
  readonly heartbeat?: HeartbeatProps;
  /**
   * What reads the pods' logs on each node: `opentelemetry`, the OpenTelemetry Collector, or `promtail`, which has reached
   * its end of life; with the same labels, lines and times.
   * @default 'opentelemetry'; 'promtail' with profile `demo`
   * @see docs/collectors.md
   */
  readonly collector?: CollectorName;
  /**
   * When the collector takes over from another one: lines of an earlier time it leaves to that one, in RFC 3339, as in
   * `2026-12-01T10:00:00Z`. Only for `opentelemetry`. @default it reads all that is in the files
   * @see docs/collectors.md, "The move"
   */
  readonly collectFrom?: string;
  /**
   * What the collector gets of the nodes' file systems, for clusters that allow less: `{ dockerLogs: false, positions:
   * 'emptyDir' }` for GKE Autopilot. @default as in `CollectorHostOptions`
   * @see docs/collectors.md
   */
  readonly collectorHost?: CollectorHostOptions;
  /**
   * Loki's retention, evaluation interval and disks; with profile `distributed`, its object storage, which is required,
   * and the number of each target's pods. @default as in `LokiProps`
   */
  readonly loki?: LokiOptions;
  /** How many Alertmanagers there are, and the Secrets they read. @default one; three with profile `distributed` */
  readonly alertmanager?: AlertmanagerOptions;
  /** Who may open Grafana. @default everybody who can reach it, with profile `demo`; required with the others */
  readonly grafana?: GrafanaOptions;
  /**
   * Base URL of Grafana as people open it; alerts link to it. A path, as in `https://tools.example.com/grafana`, is for a proxy
   * that takes it off. @default that of `ingress` or `gateway`, or 'http://localhost:3000'
   */
  readonly grafanaUrl?: string;
  /**
   * Base URL of Alertmanager as people open it; with a path as `grafanaUrl`.
   * @default that of `ingress` or `gateway`, or 'http://localhost:9093'
   */
  readonly alertmanagerUrl?: string;
  /**
   * Registry, and folder in it, that all images are pulled from by their own names, `grafana/loki:3.7.8` as
   * `<imageRegistry>/grafana/loki:3.7.8`: a mirror, or a proxy. @default Docker Hub
   */
  readonly imageRegistry?: string;
  /**
   * Other references for some images, as they are: by digest, `grafana/loki:3.7.8@sha256:…`, or from elsewhere.
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
   * The log spammer, the service it floods and, where messages go to it, the slack-inbox.
   * @default with their defaults in profile `demo`; left out of the others
   */
  readonly demo?: Pick<HttpClientProps, 'rate' | 'replicas'>;
  /** Refuse every connection that the stack does not need. @default true */
  readonly networkPolicies?: boolean;
  /**
   * TCP ports of the Kubernetes API server's endpoints (`kubectl get endpointslices kubernetes`), which the log collector may
   * connect to. @default 443, 6443, 8443 and 16443
   */
  readonly kubernetesApiPorts?: readonly number[];
  /** Have a Prometheus Operator scrape the stack and alert on it; its CRDs must be in the cluster. @default not scraped */
  readonly monitoring?: MonitoringProps;
  /** Names of the namespaces; that of the demo only with the demo. @default logging, log-collector, demo */
  readonly namespaces?: { readonly logging?: string; readonly logCollector?: string; readonly demo?: string };
  /** Values that the label `severity` may have. @default info, warning, critical */
  readonly severities?: readonly string[];
  /** Let warnings of the checks fail the synthesis too. @default false */
  readonly strict?: boolean;
}

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

export interface AlertmanagerOptions extends ExposureOptions {
  /**
   * How many there are; 3 in production. From one to several, and back, Kubernetes can't change the StatefulSet: delete
   * it once by `kubectl delete statefulset alertmanager --cascade=orphan` before the apply.
   * @default 1; 3 with profile `distributed`
   */
  readonly replicas?: number;
  /**
   * Names of Secrets in its namespace whose keys receivers read as files, at `/etc/alertmanager/secrets/<name>/<key>`:
   * `secretFile` gives that path. Those that `slack` and `heartbeat` name are mounted without being listed.
   * @default none
   */
  readonly secrets?: readonly string[];
  /**
   * Secret with what Alertmanager asks for: `web.yml`, its web configuration with the password's bcrypt hash below
   * `basic_auth_users`, and the `username` and `password` that Loki, Grafana and Prometheus send. Required with
   * `ingress` or `gateway`. @default it asks for none, and NetworkPolicies alone say who may connect
   * @see docs/hardening.md
   */
  readonly basicAuthSecret?: string;
}

/** How people get in. From outside, by `ingress` or `gateway`, only with a password. */
export interface GrafanaOptions extends ExposureOptions {
  /** Secret with the keys `user` and `password` of Grafana's administrator. */
  readonly adminSecret?: string;
}
