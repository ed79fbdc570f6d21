import { Construct } from 'constructs';
import { Alertmanager } from '../alertmanager/alertmanager';
import type { AlertmanagerConfig } from '../alertmanager/config/config';
import { destinations } from '../alertmanager/destinations';
import type { SlackProps } from '../alertmanager/slack';
import { type Finding, finding, formatFinding } from '../checks/findings';
import { collector, collectorOf } from '../collector/collectors';
import { LOG_COLLECTOR, type TenantNamespaces } from '../collector/node-collector';
import { HttpClient, type HttpClientProps } from '../demo/http-client';
import { NginxApp } from '../demo/nginx-app';
import { LOKI_DATASOURCE } from '../grafana/config';
import { logAlertingDashboard } from '../grafana/dashboard';
import { GRAFANA, Grafana } from '../grafana/grafana';
import type { Component } from '../kubernetes/component';
import { type Destination, destinationOf } from '../kubernetes/destination';
import { expose, exposedUrl } from '../kubernetes/exposure';
import { componentSelector } from '../kubernetes/labels';
import { monitor } from '../kubernetes/monitors';
import { NamespacedChart } from '../kubernetes/namespaced-chart';
import {
  allowFlows,
  type ComponentGroup,
  denyAll,
  type Flow,
  KUBERNETES_API_PORTS,
} from '../kubernetes/network-policies';
import type { PodDefaults } from '../kubernetes/pod';
import { createLoki } from '../loki/system';
import type { Tenants } from '../loki/tenants';
import { LogCanary } from '../monitoring/log-canary';
import { type PipelineProps, pipelineAlerts } from '../monitoring/pipeline-alerts';
import { pipelineDashboard } from '../monitoring/pipeline-dashboard';
import { prometheusRule } from '../monitoring/prometheus-rule';
import { PIPELINE_RUNBOOK } from '../monitoring/runbook';
import { imageReference } from '../versions/images';
import { checkLogAlerting, ownSecrets } from './check-stack';
import { type Namespaces, namespacesOf } from './namespaces';
import { evaluationInterval } from './profiles';
import type { LogAlertingProps, MonitoringProps } from './props';
import { stackAlertmanagerConfig } from './routing';

/** Where `kubectl port-forward` makes them appear. */
const GRAFANA_URL = 'http://localhost:3000';
const ALERTMANAGER_URL = 'http://localhost:9093';

/** Takes the demo's messages where there is no Slack. */
const SLACK_INBOX = 'slack-inbox';

/** One may be down, and the other two still gossip about what was sent. */
const DISTRIBUTED_ALERTMANAGERS = 3;

/**
 * The whole product: Loki, a log collector, Alertmanager, Grafana and, as the profile says, the demo.
 *
 * Its charts hang in `scope` beside it, one a namespace, because cdk8s names the files in dist after a chart's path.
 * What is wrong with options, rules or routes comes out of `app.synth()`, all at once; the charts are then left out.
 */
export class LogAlerting extends Construct {
  constructor(scope: Construct, id: string, props: LogAlertingProps) {
    super(scope, id);
    const wrong = checkLogAlerting(props);
    const findings = wrong.some(({ severity }) => severity === 'error')
      ? wrong
      : [...wrong, ...checkNamespaces(scope, props), ...checkInbox(props)];
    const fatal = findings.filter(({ severity }) => severity === 'error' || props.strict);
    this.node.addValidation({ validate: () => fatal.map(formatFinding) });
    for (const warning of findings.filter((finding) => !fatal.includes(finding))) {
      process.stderr.write(`${formatFinding(warning)}\n`);
    }
    if (fatal.length === 0) build(scope, props);
  }
}

/**
 * Charts are named after their namespace, and so are the files in dist: no other construct beside them may be. Nor may
 * two stacks of an app share a namespace, wherever they hang: their objects have the same names.
 */
function checkNamespaces(scope: Construct, props: LogAlertingProps): Finding[] {
  const charts = scope.node.root.node.findAll().filter((one) => one instanceof NamespacedChart);
  const taken = new Set(charts.map(({ namespace }) => namespace));
  return Object.entries(namespacesOf(props)).flatMap(([part, namespace]): Finding[] => {
    const wrong = taken.has(namespace)
      ? {
          problem: `"${namespace}" is also a namespace of another LogAlerting of the app, whose objects have the same names`,
          fix: 'use different namespaces for each',
        }
      : scope.node.tryFindChild(namespace)
        ? {
            problem: `"${namespace}" is also the name of another construct, and a chart is named after its namespace`,
            fix: 'rename one of the two',
          }
        : undefined;
    return wrong
      ? [finding('option', { path: ['namespaces', part], subject: `option 'namespaces.${part}'`, ...wrong })]
      : [];
  });
}

/** Only the demo without a Slack of its own has a slack-inbox. */
function checkInbox(props: LogAlertingProps): Finding[] {
  const namespaces = namespacesOf(props);
  if (!props.pods?.['slack-inbox'] || !namespaces.demo || callsInbox(props, namespaces)) return [];
  return [
    finding('option', {
      path: ['pods', 'slack-inbox'],
      subject: "option 'pods.slack-inbox'",
      problem: 'has no effect, because no receiver calls the slack-inbox',
      fix: 'remove it',
    }),
  ];
}

interface Demo {
  readonly chart: NamespacedChart;
  /** Only where messages go to it. */
  readonly inbox?: NginxApp;
  readonly components: readonly Component[];
  readonly flows: readonly Flow[];
}

function build(scope: Construct, props: LogAlertingProps): void {
  const { storageClassName, monitoring } = props;
  const basicAuthSecret = props.alertmanager?.basicAuthSecret;
  const namespaces = namespacesOf(props);
  const grafanaUrl = props.grafanaUrl ?? exposedUrl(props.grafana) ?? GRAFANA_URL;
  const pulled: PodDefaults = {
    imageReference: (image) => imageReference(image, props),
    imagePullSecrets: props.imagePullSecrets,
    pods: props.pods,
  };
  const podDefaults = { ...pulled, priorityClassName: props.priorityClassName };
  const demo = namespaces.demo
    ? buildDemo(scope, namespaces.demo, { ...props.demo, podDefaults: pulled, inbox: callsInbox(props, namespaces) })
    : undefined;
  const slack = props.slack ?? { webhookUrl: demo?.inbox?.url('http') };
  const logging = new NamespacedChart(scope, namespaces.logging, { podSecurity: 'restricted', podDefaults });
  // The collector mounts folders of the node, which no stricter level allows.
  const nodes = new NamespacedChart(scope, namespaces.logCollector, { podSecurity: 'privileged', podDefaults });

  const alertmanagerConfig = alertmanagerConfigOf(props, slack);
  const alertmanager = new Alertmanager(logging, {
    config: alertmanagerConfig,
    templates: props.routing?.templates,
    externalUrl: props.alertmanagerUrl ?? exposedUrl(props.alertmanager) ?? ALERTMANAGER_URL,
    basicAuthSecret,
    secrets: [...new Set([...ownSecrets(props), ...(props.alertmanager?.secrets ?? [])])],
    storageClassName,
    replicas: props.alertmanager?.replicas ?? (props.profile === 'distributed' ? DISTRIBUTED_ALERTMANAGERS : undefined),
  });
  const loki = createLoki(
    logging,
    { ...props.loki, evaluationInterval: evaluationInterval(props) },
    {
      rules: props.rules,
      tenants: props.tenants,
      alertmanagerUrl: alertmanager.urls.join(','),
      alertmanagerAuthSecret: basicAuthSecret,
      grafanaUrl,
      datasourceUid: LOKI_DATASOURCE.uid,
      storageClassName,
    },
  );
  const kind = collectorOf(props);
  const logCollector = collector(nodes, kind, {
    lokiUrl: loki.push.url('http'),
    since: props.collectFrom,
    tenants: tenantNamespaces(props.tenants),
    host: props.collectorHost,
  });
  const canary = new LogCanary(logging);
  const prometheusUrl = monitoring?.prometheusUrl;
  const pipeline: PipelineProps = {
    loki: loki.targets,
    ruler: loki.ruler,
    compactor: loki.compactor,
    collector: { namespace: nodes.namespace, name: logCollector.name, kind },
    alertmanager: { namespace: logging.namespace, name: alertmanager.name, replicas: alertmanager.urls.length },
    grafana: { namespace: logging.namespace, name: GRAFANA },
    rules: ruleCount(props),
    grafanaUrl,
    dashboard: prometheusUrl !== undefined,
  };
  const grafana = new Grafana(logging, {
    lokiUrl: loki.query.url('http'),
    alertmanagerUrl: alertmanager.url('http'),
    alertmanagerAuthSecret: basicAuthSecret,
    tenants: props.tenants && Object.keys(props.tenants),
    prometheusUrl,
    rootUrl: grafanaUrl,
    adminSecret: props.grafana?.adminSecret,
    dashboards: {
      'log-alerting.json': logAlertingDashboard({
        alert: props.rateAlert,
        runbook: props.monitoring ? [props.runbook, PIPELINE_RUNBOOK].filter(Boolean).join('\n') : props.runbook,
        slackInbox: demo?.inbox && `{namespace="${demo.chart.namespace}", app="${demo.inbox.name}"}`,
      }),
      ...(prometheusUrl ? { 'log-pipeline.json': pipelineDashboard(pipeline) } : {}),
    },
  });
  const exposing = [...expose(alertmanager, props.alertmanager), ...expose(grafana, props.grafana)];
  const others = [alertmanager, grafana, logCollector];
  const monitored = [...loki.targets, ...others];
  if (monitoring) {
    for (const component of monitored) {
      monitor(component, monitoring.labels, component === alertmanager ? basicAuthSecret : undefined);
    }
    prometheusRule(logging, pipelineAlerts(pipeline), monitoring.labels);
  }

  if (props.networkPolicies === false) return;
  for (const chart of [logging, nodes, ...(demo ? [demo.chart] : [])]) denyAll(chart);
  allowFlows(
    [...loki.components, ...others, canary, ...(demo?.components ?? [])],
    [
      { from: logCollector, to: { ports: props.kubernetesApiPorts ?? KUBERNETES_API_PORTS } },
      { from: collectors(logCollector), to: loki.push, port: 'http' },
      ...loki.flows,
      { from: loki.ruler, to: alertmanager, port: 'http' },
      ...(alertmanager.urls.length > 1
        ? [{ from: alertmanager, to: alertmanager, port: 'gossip', protocols: ['TCP', 'UDP'] } satisfies Flow]
        : []),
      { from: grafana, to: loki.query, port: 'http' },
      { from: grafana, to: alertmanager, port: 'http' },
      ...(prometheusUrl ? [{ from: grafana, ...endOf(destinationOf(prometheusUrl, grafana.namespace)) }] : []),
      ...destinations(alertmanagerConfig, logging.namespace).map(
        (place): Flow => ({ from: alertmanager, ...endOf(place, demo?.inbox) }),
      ),
      ...(demo?.flows ?? []),
      ...exposing,
      ...scrapes(monitored, monitoring),
    ],
  );
}

/** The one there is, and the one that it takes the place of: both push until the move is done (docs/collectors.md). */
function collectors(one: Component): ComponentGroup {
  return { namespace: one.namespace, selector: componentSelector(LOG_COLLECTOR), members: [one] };
}

function tenantNamespaces(tenants?: Tenants): TenantNamespaces | undefined {
  return tenants && Object.fromEntries(Object.entries(tenants).map(([id, { namespaces }]) => [id, namespaces]));
}

/** The rules of the stack and of all its tenants. */
function ruleCount({ rules, tenants = {} }: LogAlertingProps): number {
  const files = [...rules, ...Object.values(tenants).flatMap((tenant) => tenant.rules)];
  return files.flatMap(({ groups }) => groups.flatMap((group) => group.rules)).length;
}

function scrapes(components: readonly Component[], monitoring?: MonitoringProps): Flow[] {
  if (!monitoring) return [];
  return components.map((to) => ({ from: { namespace: monitoring.namespace }, to, port: 'http' }));
}

/** The other end of a connection: the demo's slack-inbox, pods of any namespace, or out of the cluster. */
function endOf({ namespace, service, port }: Destination, inbox?: NginxApp): Pick<Flow, 'to' | 'port'> {
  if (inbox && namespace === inbox.namespace && service === inbox.name) return { to: inbox, port: 'http' };
  return { to: { namespace, ports: [port] } };
}

function alertmanagerConfigOf(
  { routing, heartbeat, profile }: LogAlertingProps,
  slack: SlackProps,
): AlertmanagerConfig {
  return stackAlertmanagerConfig({ ...routing, slack, heartbeat, profile });
}

/** Whether anything is sent to the demo's slack-inbox. */
function callsInbox(props: LogAlertingProps, { demo, logging }: Namespaces): boolean {
  const { slack, routing } = props;
  if (!slack && !routing?.config) return true;
  return destinations(alertmanagerConfigOf(props, slack ?? {}), logging).some(
    ({ service, namespace }) => service === SLACK_INBOX && namespace === demo,
  );
}

interface DemoProps extends Omit<HttpClientProps, 'targetUrl'> {
  /** Whether there is a slack-inbox. */
  readonly inbox: boolean;
  readonly podDefaults: PodDefaults;
}

function buildDemo(scope: Construct, namespace: string, { inbox: hasInbox, podDefaults, ...props }: DemoProps): Demo {
  const chart = new NamespacedChart(scope, namespace, { podSecurity: 'restricted', podDefaults });
  const inbox = hasInbox ? new NginxApp(chart, SLACK_INBOX) : undefined;
  const webservice = new NginxApp(chart, 'webservice');
  const client = new HttpClient(chart, { ...props, targetUrl: webservice.url('http') });
  return {
    chart,
    inbox,
    components: [...(inbox ? [inbox] : []), webservice, client],
    flows: [{ from: client, to: webservice, port: 'http' }],
  };
}
