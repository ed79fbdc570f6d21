import { PodMonitor, ServiceMonitor } from '../../imports/monitoring.coreos.com';
import type { Component } from './component';

/** Names of a Secret's keys that hold a user name and a password. */
export interface BasicAuthKeys {
  readonly secret: string;
  readonly username: string;
  readonly password: string;
}

export interface MonitorProps {
  /** Labels by which the operator's Prometheus selects monitors. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Credentials that the component requires. @default none */
  readonly basicAuth?: BasicAuthKeys;
}

/** Makes the component's name the value of `job`, with a Service and without. */
const JOB_LABEL = 'app.kubernetes.io/name';

/**
 * Lets a Prometheus Operator scrape the component's metrics: through its Service where it has one, through its pods
 * otherwise. All components that are given serve them at `/metrics` of their port `http`, the operator's default path.
 *
 * @see https://prometheus-operator.dev/docs/developer/getting-started/
 */
export function monitor(component: Component, { labels = {}, basicAuth }: MonitorProps): void {
  const metadata = { ...component.metadata, labels: { ...component.metadata.labels, ...labels } };
  const selector = { matchLabels: { ...component.selector } };
  const endpoint = { port: 'http', ...(basicAuth ? { basicAuth: secretKeys(basicAuth) } : {}) };
  if (component.node.tryFindChild('service')) {
    new ServiceMonitor(component, 'monitor', {
      metadata,
      spec: { jobLabel: JOB_LABEL, selector, endpoints: [endpoint] },
    });
  } else {
    new PodMonitor(component, 'monitor', {
      metadata,
      spec: { jobLabel: JOB_LABEL, selector, podMetricsEndpoints: [endpoint] },
    });
  }
}

function secretKeys({ secret, username, password }: BasicAuthKeys) {
  return { username: { name: secret, key: username }, password: { name: secret, key: password } };
}
