import type { Alertmanager } from '../alertmanager/alertmanager';
import { LOG_COLLECTOR } from '../collector/node-collector';
import type { NginxApp } from '../demo/nginx-app';
import { isSlackInbox } from '../demo/slack-inbox';
import type { Component } from '../kubernetes/component';
import { type Destination, destinationOf } from '../kubernetes/destination';
import { componentSelector } from '../kubernetes/labels';
import type { ComponentGroup, Flow } from '../kubernetes/network-policies';
import type { LokiSystem } from '../loki/system';
import type { MonitoringProps } from './props';
import type { Stack } from './resolve';

interface Parts {
  readonly loki: LokiSystem;
  readonly logCollector?: Component;
  /** Collector of Kubernetes events. */
  readonly events?: Component;
  readonly alertmanager: Alertmanager;
  readonly grafana: Component;
  readonly slackInbox?: NginxApp;
  readonly kubernetesApiPorts: readonly number[];
}

/** Returns the connections that the pipeline requires, from the collector to Grafana and the receivers. */
export function pipelineFlows({ monitoring, alertmanager: { destinations } }: Stack, parts: Parts): Flow[] {
  const { loki, logCollector, events, alertmanager, grafana, slackInbox } = parts;
  const prometheusUrl = monitoring?.prometheusUrl;
  return [
    ...(logCollector
      ? [
          { from: logCollector, to: { ports: parts.kubernetesApiPorts } },
          { from: collectors(logCollector), to: loki.push, port: 'http' },
        ]
      : []),
    ...(events
      ? [
          { from: events, to: { ports: parts.kubernetesApiPorts } },
          { from: events, to: loki.push, port: 'http' },
        ]
      : []),
    ...loki.flows,
    ...(loki.ruler ? [{ from: loki.ruler, to: alertmanager, port: 'http' }] : []),
    ...(alertmanager.urls.length > 1
      ? [{ from: alertmanager, to: alertmanager, port: 'gossip', protocols: ['TCP', 'UDP'] } satisfies Flow]
      : []),
    { from: grafana, to: loki.query, port: 'http' },
    { from: grafana, to: alertmanager, port: 'http' },
    ...(prometheusUrl ? [{ from: grafana, to: outside(destinationOf(prometheusUrl, grafana.namespace)) }] : []),
    ...destinations.map(
      (place): Flow =>
        slackInbox && isSlackInbox(place, slackInbox.namespace)
          ? { from: alertmanager, to: slackInbox, port: 'http' }
          : { from: alertmanager, to: outside(place) },
    ),
  ];
}

/** Returns the connections of the Prometheus that scrapes the components. */
export function scrapes(components: readonly Component[], monitoring?: MonitoringProps): Flow[] {
  if (!monitoring) return [];
  return components.map((to) => ({ from: { namespace: monitoring.namespace }, to, port: 'http' }));
}

/** The collector and the one that it replaces: both push until the migration ends (docs/collectors.md). */
function collectors(current: Component): ComponentGroup {
  return { namespace: current.namespace, selector: componentSelector(LOG_COLLECTOR), members: [current] };
}

/** Pods in a namespace, or any destination outside the cluster. */
function outside({ namespace, port }: Destination) {
  return { namespace, ports: [port] };
}
