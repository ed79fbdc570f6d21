import type { Alertmanager } from '../alertmanager/alertmanager';
import { GRAFANA } from '../grafana/grafana';
import type { Component } from '../kubernetes/component';
import type { LokiSystem } from '../loki/system';
import type { MonitoredPipeline } from '../monitoring/pipeline-alerts';
import type { Stack } from './resolve';

interface Parts {
  readonly loki: LokiSystem;
  readonly logCollector?: Component;
  /** Collector of Kubernetes events. */
  readonly events?: Component;
  readonly alertmanager: Alertmanager;
}

/** Returns the parts of the pipeline to monitor. Grafana, which is created later with its dashboards, only has a name. */
export function stackPipeline(stack: Stack, { loki, logCollector, events, alertmanager }: Parts): MonitoredPipeline {
  return {
    loki: loki.targets,
    ruler: loki.targets.find((target) => target === loki.ruler),
    compactor: loki.compactor,
    collector: logCollector && {
      namespace: logCollector.namespace,
      name: logCollector.name,
      kind: stack.collector.name,
    },
    events: events && { namespace: events.namespace, name: events.name },
    alertmanager: {
      namespace: alertmanager.namespace,
      name: alertmanager.name,
      replicas: alertmanager.urls.length,
    },
    grafana: { namespace: stack.namespaces.logging, name: GRAFANA },
    rules: ruleCount(stack),
    grafanaUrl: stack.grafana.url,
    dashboard: stack.monitoring?.prometheusUrl !== undefined,
  };
}

/** Number of rules of the stack and all its tenants. */
function ruleCount({ rules, tenants = {} }: Stack): number {
  const files = [...rules, ...Object.values(tenants).flatMap((tenant) => tenant.rules)];
  return files.flatMap(({ groups }) => groups.flatMap((group) => group.rules)).length;
}
