import type { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Alertmanager } from '../alertmanager/alertmanager';
import { collector } from '../collector/collectors';
import { KubernetesEvents } from '../collector/kubernetes-events/kubernetes-events';
import { LOKI_DATASOURCE } from '../grafana/config';
import { Grafana } from '../grafana/grafana';
import { basicAuthKeys } from '../kubernetes/basic-auth';
import type { Component } from '../kubernetes/component';
import { standFor } from '../kubernetes/dependencies';
import { expose } from '../kubernetes/exposure';
import { monitor } from '../kubernetes/monitors';
import { NamespacedChart } from '../kubernetes/namespaced-chart';
import { allowFlows, denyAll } from '../kubernetes/network-policies';
import { throwSynthErrors } from '../kubernetes/synth-errors';
import type { LokiHandle } from '../loki/handle';
import { createLoki, externalLoki } from '../loki/system';
import { LogCanary } from '../monitoring/log-canary';
import { pipelineAlerts } from '../monitoring/pipeline-alerts';
import { prometheusRule } from '../monitoring/prometheus-rule';
import { requireSameConstructs } from '../versions/peers';
import { checkNamespaces } from './check-namespaces';
import { checkedStack } from './check-stack';
import { stackDashboards } from './dashboards';
import { buildDemo } from './demo';
import { externalRules } from './external';
import { pipelineFlows, scrapes } from './flows';
import { stackPipeline } from './pipeline';
import { podDefaultsOf } from './pod-defaults';
import type { LogAlertingProps } from './props';
import { report } from './report';
import type { Stack } from './resolve';

/** The charts of a stack, each of which is a namespace and a file in dist. Objects can be added to them. */
export interface LogAlertingCharts {
  /** Loki, Alertmanager and Grafana. */
  readonly logging: Chart;
  /** The log collector. @default undefined, without a collector */
  readonly logCollector?: Chart;
  /** The demo's workloads. @default undefined, without the demo */
  readonly demo?: Chart;
}

/** The parts of a valid stack. */
interface Parts {
  readonly charts: LogAlertingCharts;
  /** @default undefined, Loki is external */
  readonly loki?: LokiHandle;
  readonly alertmanager: Alertmanager;
  readonly grafana: Component;
  /** @default undefined, another collector sends the logs */
  readonly collector?: Component;
}

/**
 * The whole stack: Loki, a log collector, Alertmanager, Grafana and, depending on the profile, the demo.
 *
 * Its charts are its siblings in `scope`, one per namespace, because cdk8s names the files in dist after a chart's
 * path. A dependency on it, or of it, is one of all of its charts. If options, rules or routes have errors,
 * `app.synth()` reports all of them, and no charts are created; its properties throw the same report.
 *
 * @example
 * import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
 *
 * const app = new App();
 * const links = { grafanaUrl: 'https://grafana.example.com' };
 * const { loki, grafana, charts } = new LogAlerting(app, 'log-alerting', {
 *   profile: 'single',
 *   ...links,
 *   rules: [highLogRate(links), noLogs(links)],
 *   rateAlert: HIGH_LOG_RATE,
 *   slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
 *   grafana: { adminSecret: 'grafana-admin' },
 *   loki: { retention: '30d', storage: '50Gi' },
 * });
 *
 * // Its parts can be patched, extended, referenced and depended on, see docs/customizing.md.
 * ApiObject.of(grafana).addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 10));
 * loki.object('ConfigMap', 'loki-config').metadata.addAnnotation('example.com/owner', 'platform');
 * new ApiObject(charts.logging, 'quota', { apiVersion: 'v1', kind: 'ResourceQuota', spec: { hard: { pods: '20' } } });
 * new Chart(app, 'shop').addDependency(loki);
 * app.synth();
 */
export class LogAlerting extends Construct {
  /** Undefined if options, rules or routes have errors. */
  private readonly parts?: Parts;

  constructor(scope: Construct, id: string, props: LogAlertingProps) {
    requireSameConstructs(scope);
    super(scope, id);
    const { stack, findings: found } = checkedStack(props);
    const findings = stack ? [...found, ...checkNamespaces(scope, stack, found)] : found;
    const failed = report(this, findings, props);
    if (stack && !failed) this.parts = build(scope, stack);
    standFor(this, () => Object.values(this.parts?.charts ?? {}));
  }

  /**
   * Loki: its addresses and objects.
   * @throws Error with an external Loki, which is not part of the app
   */
  get loki(): LokiHandle {
    return present(this.valid.loki, 'no Loki: it is external, so it is not part of the app');
  }

  /** Alertmanager: its addresses and objects. */
  get alertmanager(): Component & Pick<Alertmanager, 'urls'> {
    return this.valid.alertmanager;
  }

  /** Grafana: its address and objects. */
  get grafana(): Component {
    return this.valid.grafana;
  }

  /**
   * The log collector: its ports and objects.
   * @throws Error without a collector, as by default with an external Loki
   */
  get collector(): Component {
    return present(this.valid.collector, 'no log collector: set the option collector');
  }

  /** The charts, to which objects can be added. */
  get charts(): LogAlertingCharts {
    return this.valid.charts;
  }

  /** Otherwise, code that uses the parts of an invalid stack would fail with an error that hides the findings. */
  private get valid(): Parts {
    if (this.parts === undefined) throwSynthErrors(this);
    return this.parts as Parts;
  }
}

function present<T>(part: T | undefined, problem: string): T {
  if (part === undefined) throw new Error(problem);
  return part;
}

function build(scope: Construct, stack: Stack): Parts {
  const { namespaces, pods, monitoring, networkPolicies } = stack;
  const { basicAuthSecret } = stack.alertmanager;

  const podDefaults = podDefaultsOf(pods);
  const demo = stack.demo && buildDemo(scope, stack.demo, { ...podDefaults, priorityClassName: undefined });
  const logging = new NamespacedChart(scope, namespaces.logging, { podSecurity: 'restricted', podDefaults });
  // The collector mounts folders of the node, which stricter levels forbid.
  const nodes = stack.collector.isDeployed
    ? new NamespacedChart(scope, namespaces.logCollector, { podSecurity: 'privileged', podDefaults })
    : undefined;

  const alertmanager = new Alertmanager(logging, stack.alertmanager);
  const loki = stack.externalLoki
    ? externalLoki(stack.externalLoki)
    : createLoki(logging, stack.loki, {
        rules: stack.rules,
        tenants: stack.tenants,
        alertmanagerUrl: alertmanager.urls.join(','),
        alertmanagerAuthSecret: basicAuthSecret,
        grafanaUrl: stack.grafana.url,
        datasourceUid: LOKI_DATASOURCE.uid,
        storageClassName: stack.storageClassName,
        cluster: stack.cluster,
        // A long stack trace must not be lost as a whole.
        cutLines: stack.collector.pipeline?.multiline !== undefined,
      });
  externalRules(scope, logging, stack);
  const logCollector =
    nodes && collector(nodes, stack.collector.name, { ...stack.collector, lokiUrl: loki.push.url('http') });
  const { tenants, tenant, auth, cluster } = stack.collector;
  const events = stack.kubernetesEvents
    ? new KubernetesEvents(logging, { tenants, tenant, auth, cluster, lokiUrl: loki.push.url('http') })
    : undefined;
  const canary = new LogCanary(logging);
  const pipeline = stackPipeline(stack, { loki, logCollector, events, alertmanager });
  const grafana = new Grafana(logging, {
    lokiUrl: loki.query.url('http'),
    alertmanagerUrl: alertmanager.url('http'),
    alertmanagerAuthSecret: basicAuthSecret,
    tenants: stack.tenants && Object.keys(stack.tenants),
    tenant: stack.externalLoki?.tenant,
    lokiAuth: stack.externalLoki,
    prometheusUrl: monitoring?.prometheusUrl,
    rootUrl: stack.grafana.url,
    adminSecret: stack.grafana.adminSecret,
    dashboards: stackDashboards(stack, pipeline),
  });
  const ingressFlows = [...expose(alertmanager, stack.alertmanager), ...expose(grafana, stack.grafana)];

  const clients = [grafana, ...(logCollector ? [logCollector] : []), ...(events ? [events] : [])];
  const singles = [alertmanager, ...clients];
  if (monitoring) {
    const { labels } = monitoring;
    for (const component of [...loki.targets, ...clients]) monitor(component, { labels });
    monitor(alertmanager, { labels, basicAuth: basicAuthSecret ? basicAuthKeys(basicAuthSecret) : undefined });
    prometheusRule(logging, pipelineAlerts(pipeline), labels);
  }

  if (networkPolicies) {
    const { kubernetesApiPorts } = networkPolicies;
    for (const chart of [logging, ...(nodes ? [nodes] : []), ...(demo ? [demo.chart] : [])]) denyAll(chart);
    allowFlows(
      [...loki.components, ...singles, canary, ...(demo?.components ?? [])],
      [
        ...pipelineFlows(stack, {
          loki,
          logCollector,
          events,
          alertmanager,
          grafana,
          slackInbox: demo?.inbox,
          kubernetesApiPorts,
        }),
        ...(demo?.flows ?? []),
        ...ingressFlows,
        ...scrapes([...loki.targets, ...singles], monitoring),
      ],
    );
  }
  const charts = { ...(demo ? { demo: demo.chart } : {}), logging, ...(nodes ? { logCollector: nodes } : {}) };
  return { charts, loki: loki.handle, alertmanager, grafana, collector: logCollector };
}
