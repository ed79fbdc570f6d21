import { PodMonitor, ServiceMonitor } from '../../imports/monitoring.coreos.com';
import { PASSWORD_KEY, USERNAME_KEY } from './basic-auth';
import type { Component } from './component';

/** Makes the component's name the value of `job`, with a Service and without. */
const JOB_LABEL = 'app.kubernetes.io/name';

/**
 * Lets a Prometheus Operator scrape the component's metrics: through its Service where it has one, through its pods
 * otherwise. All components that are given serve them at `/metrics` of their port `http`, the operator's default path.
 *
 * @param labels what the operator's Prometheus selects monitors by. @default none
 * @param basicAuthSecret with the keys `username` and `password` that the component asks for. @default it asks for none
 * @see https://prometheus-operator.dev/docs/developer/getting-started/
 */
export function monitor(
  component: Component,
  labels: Readonly<Record<string, string>> = {},
  basicAuthSecret?: string,
): void {
  const metadata = { ...component.metadata, labels: { ...component.metadata.labels, ...labels } };
  const selector = { matchLabels: { ...component.selector } };
  const key = (name: string) => ({ name: basicAuthSecret, key: name });
  const basicAuth = { username: key(USERNAME_KEY), password: key(PASSWORD_KEY) };
  const endpoint = { port: 'http', ...(basicAuthSecret ? { basicAuth } : {}) };
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
