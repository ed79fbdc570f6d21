import { PodMonitor, ServiceMonitor } from '../../imports/monitoring.coreos.com';
import type { Component } from './component';
import { createObject } from './create-object';

/** A Secret, and its keys for user name and password. */
export interface BasicAuthKeys {
  readonly secret: string;
  readonly username: string;
  readonly password: string;
}

export interface MonitorProps {
  /** Labels with which the operator's Prometheus selects monitors. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Credentials that the component requires. @default none */
  readonly basicAuth?: BasicAuthKeys;
}

/** Label whose value, the name of the component, becomes `job`, with a Service and without. */
const JOB_LABEL = 'app.kubernetes.io/name';

/**
 * Creates a ServiceMonitor for the component, or a PodMonitor if it has no Service. The component must serve metrics at
 * `/metrics` of its port `http`, the operator's default path.
 *
 * @see https://prometheus-operator.dev/docs/developer/getting-started/
 */
export function monitor(component: Component, { labels = {}, basicAuth }: MonitorProps): void {
  const metadata = { ...component.metadata, labels: { ...component.metadata.labels, ...labels } };
  const selector = { matchLabels: { ...component.selector } };
  const endpoint = { port: 'http', ...(basicAuth ? { basicAuth: secretKeys(basicAuth) } : {}) };
  if (component.node.tryFindChild('service')) {
    createObject(component, 'monitor', ServiceMonitor, {
      metadata,
      spec: { jobLabel: JOB_LABEL, selector, endpoints: [endpoint] },
    });
  } else {
    createObject(component, 'monitor', PodMonitor, {
      metadata,
      spec: { jobLabel: JOB_LABEL, selector, podMetricsEndpoints: [endpoint] },
    });
  }
}

function secretKeys({ secret, username, password }: BasicAuthKeys) {
  return { username: { name: secret, key: username }, password: { name: secret, key: password } };
}
