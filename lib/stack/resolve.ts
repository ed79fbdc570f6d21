import type { AlertmanagerProps } from '../alertmanager/alertmanager';
import { destinations } from '../alertmanager/destinations';
import { ALERTMANAGER, withEventLog } from '../alertmanager/event-log';
import { withSlackTemplate } from '../alertmanager/slack';
import type { CollectorName } from '../collector/collectors';
import type { CollectorProps } from '../collector/node-collector';
import type { HttpClientProps } from '../demo/http-client';
import { isSlackInbox, slackInboxUrl } from '../demo/slack-inbox';
import type { Destination } from '../kubernetes/destination';
import { type ExposureOptions, exposedUrl } from '../kubernetes/exposure';
import { KUBERNETES_API_PORTS } from '../kubernetes/network-policies';
import type { ExternalLoki } from '../loki/external';
import type { LokiOptions } from '../loki/props';
import type { Tenants } from '../loki/tenants';
import type { Duration, RuleFile } from '../rules/model';
import { type AlertmanagerVersion, DEFAULT_ALERTMANAGER } from '../versions/alertmanager';
import { type ImageSources, imageReference, images } from '../versions/images';
import { versionOf } from '../versions/version';
import { type Namespaces, namespacesOf } from './namespaces';
import type { PodsOptions } from './pods';
import { collectorOf, hasCollector, PROFILE_DEFAULTS, profileOf } from './profiles';
import type { GrafanaOptions, LogAlertingProps, MonitoringProps } from './props';
import { type Origins, stackAlertmanagerConfig } from './routing';

/** Default values of the label `severity`, as most teams use them. */
export const SEVERITIES: readonly string[] = ['info', 'warning', 'critical'];

/** URLs with `kubectl port-forward`. */
const GRAFANA_URL = 'http://localhost:3000';
const ALERTMANAGER_URL = 'http://localhost:9093';

/** The stack that options describe, with every default: input of the checks and of the manifests. */
export interface Stack {
  readonly namespaces: Namespaces;
  /** Rule files of the stack's own tenant. */
  readonly rules: readonly RuleFile[];
  /** @default one tenant */
  readonly tenants?: Tenants;
  /** Values that the label `severity` may have. */
  readonly severities: readonly string[];
  readonly loki: LokiOptions & { readonly evaluationInterval: Duration };
  /** Loki that is not part of the app. @default none, it is deployed */
  readonly externalLoki?: ExternalLoki;
  readonly collector: Omit<CollectorProps, 'lokiUrl'> & {
    readonly name: CollectorName;
    /** False if another collector sends the logs. */
    readonly isDeployed: boolean;
  };
  /** True if Kubernetes events are sent to Loki. */
  readonly kubernetesEvents: boolean;
  readonly alertmanager: StackAlertmanager;
  readonly grafana: StackGrafana;
  /** Name of the cluster. @default none */
  readonly cluster?: string;
  /** @default no demo */
  readonly demo?: StackDemo;
  readonly pods: StackPods;
  /** Storage class of the volume claims. @default the cluster's default class */
  readonly storageClassName?: string;
  /** @default every connection is allowed */
  readonly networkPolicies?: { readonly kubernetesApiPorts: readonly number[] };
  /** @default not scraped */
  readonly monitoring?: MonitoringProps;
}

export interface StackAlertmanager extends AlertmanagerProps, ExposureOptions {
  readonly secrets: readonly string[];
  readonly version: AlertmanagerVersion;
  /** Options that the parts of its config are from. */
  readonly origins: Origins;
  /** True for the stack's own routing tree, false for `routing.config`. */
  readonly ownTree: boolean;
  /** True if a heartbeat service is set. */
  readonly heartbeat: boolean;
  /** Destinations that it connects to. */
  readonly destinations: readonly Destination[];
}

export interface StackGrafana extends GrafanaOptions, Pick<LogAlertingProps, 'rateAlert' | 'runbook'> {
  /** Base URL in a browser. */
  readonly url: string;
}

export interface StackDemo extends Omit<HttpClientProps, 'targetUrl'> {
  readonly namespace: string;
  /** True if messages are sent to the slack-inbox; otherwise it is not deployed. */
  readonly slackInbox: boolean;
}

export interface StackPods {
  readonly images: ImageSources;
  readonly imagePullSecrets?: readonly string[];
  /** Priority class of all pods but the demo's. */
  readonly priorityClassName?: string;
  /** Settings of the pods of each component. */
  readonly settings?: PodsOptions;
}

/** Returns the stack that options describe. */
export function resolve(props: LogAlertingProps): Stack {
  const { tenants, grafana, imageRegistry } = props;
  const [loki, externalLoki] = lokiOf(props.loki);
  const namespaces = namespacesOf(props);
  const alertmanager = resolveAlertmanager(props, namespaces);
  return {
    namespaces,
    rules: props.rules,
    tenants,
    severities: props.severities ?? SEVERITIES,
    loki: {
      ...loki,
      evaluationInterval: loki.evaluationInterval ?? PROFILE_DEFAULTS[profileOf(props)].evaluationInterval,
    },
    externalLoki,
    collector: {
      name: collectorOf(props),
      isDeployed: hasCollector(props),
      tenant: externalLoki?.tenant,
      auth: externalLoki,
      since: props.collectFrom,
      tenants: tenants && Object.fromEntries(Object.entries(tenants).map(([id, each]) => [id, each.namespaces])),
      host: props.collectorHost,
      eventLog: props.alertmanager?.eventRecorder ? { namespace: namespaces.logging, app: ALERTMANAGER } : undefined,
      pipeline: props.collectorPipeline,
      cluster: props.cluster,
      journald: props.journald,
    },
    kubernetesEvents: props.kubernetesEvents ?? false,
    cluster: props.cluster,
    alertmanager,
    grafana: {
      ...grafana,
      url: props.grafanaUrl ?? exposedUrl(grafana) ?? GRAFANA_URL,
      rateAlert: props.rateAlert,
      runbook: props.runbook,
    },
    demo: namespaces.demo === undefined ? undefined : resolveDemo(props, namespaces.demo, alertmanager),
    pods: {
      images: { imageRegistry, images: props.images },
      imagePullSecrets: props.imagePullSecrets,
      priorityClassName: props.priorityClassName,
      settings: props.pods,
    },
    storageClassName: props.storageClassName,
    networkPolicies:
      props.networkPolicies === false
        ? undefined
        : { kubernetesApiPorts: props.kubernetesApiPorts ?? KUBERNETES_API_PORTS },
    monitoring: props.monitoring,
  };
}

/** Options of the Loki of the stack, or the external one. */
function lokiOf(options: LogAlertingProps['loki'] = {}): readonly [LokiOptions, ExternalLoki?] {
  if (!('external' in options) || options.external === undefined) return [options];
  return [{ evaluationInterval: options.evaluationInterval }, options.external];
}

function resolveAlertmanager(props: LogAlertingProps, { logging, demo }: Namespaces): StackAlertmanager {
  const { heartbeat, routing = {}, alertmanager = {} } = props;
  const defaults = PROFILE_DEFAULTS[profileOf(props)];
  const ownTree = routing.config === undefined;
  const slack = props.slack ?? (demo === undefined ? {} : { webhookUrl: slackInboxUrl(demo) });
  const { config: routed, origins } = stackAlertmanagerConfig({
    ...routing,
    slack,
    heartbeat,
    times: defaults.routeTimes,
  });
  const config = alertmanager.eventRecorder ? withEventLog(routed) : routed;
  // Secrets of these options are mounted without being listed.
  const named = [...(ownTree ? [slack.webhookSecret, slack.tokenSecret] : []), heartbeat?.webhookSecret];
  return {
    ...alertmanager,
    config,
    origins,
    ownTree,
    heartbeat: heartbeat !== undefined,
    templates: withSlackTemplate(routing.templates),
    externalUrl: props.alertmanagerUrl ?? exposedUrl(alertmanager) ?? ALERTMANAGER_URL,
    secrets: [...new Set([...named.filter((name) => name !== undefined), ...(alertmanager.secrets ?? [])])],
    storageClassName: props.storageClassName,
    replicas: alertmanager.replicas ?? defaults.alertmanagers,
    version: versionOf(imageReference(images.alertmanager, props)) ?? DEFAULT_ALERTMANAGER,
    destinations: destinations(config, logging),
  };
}

function resolveDemo({ demo }: LogAlertingProps, namespace: string, alertmanager: StackAlertmanager): StackDemo {
  return {
    ...demo,
    namespace,
    slackInbox: alertmanager.destinations.some((destination) => isSlackInbox(destination, namespace)),
  };
}
