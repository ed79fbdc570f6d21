import { Construct } from 'constructs';
import { Alertmanager } from '../alertmanager/alertmanager';
import { formatFinding } from '../checks/findings';
import { collector } from '../collector/collectors';
import { LOKI_DATASOURCE } from '../grafana/config';
import { Grafana } from '../grafana/grafana';
import { basicAuthKeys } from '../kubernetes/basic-auth';
import { expose } from '../kubernetes/exposure';
import { monitor } from '../kubernetes/monitors';
import { NamespacedChart } from '../kubernetes/namespaced-chart';
import { allowFlows, denyAll } from '../kubernetes/network-policies';
import { createLoki } from '../loki/system';
import { LogCanary } from '../monitoring/log-canary';
import { pipelineAlerts } from '../monitoring/pipeline-alerts';
import { prometheusRule } from '../monitoring/prometheus-rule';
import { imageReference } from '../versions/images';
import { requireSameConstructs } from '../versions/peers';
import { checkNamespaces } from './check-namespaces';
import { checkedStack } from './check-stack';
import { stackDashboards } from './dashboards';
import { buildDemo } from './demo';
import { pipelineFlows, scrapes } from './flows';
import { stackPipeline } from './pipeline';
import type { LogAlertingProps } from './props';
import type { Stack } from './resolve';

/**
 * The whole stack: Loki, a log collector, Alertmanager, Grafana and, depending on the profile, the demo.
 *
 * Its charts are its siblings in `scope`, one per namespace, because cdk8s names the files in dist after a chart's
 * path. If options, rules or routes have errors, `app.synth()` reports all of them, and no charts are created.
 *
 * @example
 * import { App } from 'cdk8s';
 *
 * const app = new App();
 * const links = { grafanaUrl: 'https://grafana.example.com' };
 * new LogAlerting(app, 'log-alerting', {
 *   profile: 'single',
 *   ...links,
 *   rules: [highLogRate(links), noLogs(links)],
 *   rateAlert: HIGH_LOG_RATE,
 *   slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
 *   grafana: { adminSecret: 'grafana-admin' },
 *   loki: { retention: '30d', storage: '50Gi' },
 * });
 * app.synth();
 */
export class LogAlerting extends Construct {
  constructor(scope: Construct, id: string, props: LogAlertingProps) {
    requireSameConstructs(scope);
    super(scope, id);
    const { stack, findings: found } = checkedStack(props);
    const findings = stack ? [...found, ...checkNamespaces(scope, stack, found)] : found;
    const fatal = findings.filter(({ severity }) => severity === 'error' || props.strict);
    this.node.addValidation({ validate: () => fatal.map(formatFinding) });
    for (const warning of findings.filter((finding) => !fatal.includes(finding))) {
      process.stderr.write(`${formatFinding(warning)}\n`);
    }
    if (stack && fatal.length === 0) build(scope, stack);
  }
}

function build(scope: Construct, stack: Stack): void {
  const { namespaces, pods, monitoring, networkPolicies } = stack;
  const { basicAuthSecret } = stack.alertmanager;

  const demoPods = {
    imageReference: (image: string) => imageReference(image, pods.images),
    imagePullSecrets: pods.imagePullSecrets,
    pods: pods.settings,
  };
  const podDefaults = { ...demoPods, priorityClassName: pods.priorityClassName };
  const demo = stack.demo && buildDemo(scope, stack.demo, demoPods);
  const logging = new NamespacedChart(scope, namespaces.logging, { podSecurity: 'restricted', podDefaults });
  // The collector mounts folders of the node, which stricter levels forbid.
  const nodes = new NamespacedChart(scope, namespaces.logCollector, { podSecurity: 'privileged', podDefaults });

  const alertmanager = new Alertmanager(logging, stack.alertmanager);
  const loki = createLoki(logging, stack.loki, {
    rules: stack.rules,
    tenants: stack.tenants,
    alertmanagerUrl: alertmanager.urls.join(','),
    alertmanagerAuthSecret: basicAuthSecret,
    grafanaUrl: stack.grafana.url,
    datasourceUid: LOKI_DATASOURCE.uid,
    storageClassName: stack.storageClassName,
  });
  const logCollector = collector(nodes, stack.collector.name, { ...stack.collector, lokiUrl: loki.push.url('http') });
  const canary = new LogCanary(logging);
  const pipeline = stackPipeline(stack, { loki, logCollector, alertmanager });
  const grafana = new Grafana(logging, {
    lokiUrl: loki.query.url('http'),
    alertmanagerUrl: alertmanager.url('http'),
    alertmanagerAuthSecret: basicAuthSecret,
    tenants: stack.tenants && Object.keys(stack.tenants),
    prometheusUrl: monitoring?.prometheusUrl,
    rootUrl: stack.grafana.url,
    adminSecret: stack.grafana.adminSecret,
    dashboards: stackDashboards(stack, pipeline),
  });
  const ingressFlows = [...expose(alertmanager, stack.alertmanager), ...expose(grafana, stack.grafana)];

  const singles = [alertmanager, grafana, logCollector];
  if (monitoring) {
    const { labels } = monitoring;
    for (const component of [...loki.targets, grafana, logCollector]) monitor(component, { labels });
    monitor(alertmanager, { labels, basicAuth: basicAuthSecret ? basicAuthKeys(basicAuthSecret) : undefined });
    prometheusRule(logging, pipelineAlerts(pipeline), labels);
  }

  if (networkPolicies) {
    const { kubernetesApiPorts } = networkPolicies;
    for (const chart of [logging, nodes, ...(demo ? [demo.chart] : [])]) denyAll(chart);
    allowFlows(
      [...loki.components, ...singles, canary, ...(demo?.components ?? [])],
      [
        ...pipelineFlows(stack, {
          loki,
          logCollector,
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
}
