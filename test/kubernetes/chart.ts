import { App } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Component } from '../../lib/kubernetes/component';
import { NamespacedChart } from '../../lib/kubernetes/namespaced-chart';
import type { Manifest } from '../manifests/kubernetes';

/** Returns an empty chart of the namespace; charts of the same app can refer to each other. */
export function emptyChart(namespace = 'logging', app = new App()): NamespacedChart {
  return new NamespacedChart(app, namespace, { podSecurity: 'restricted' });
}

/** Returns the objects of the chart in the order of its file. */
export function manifests(chart: NamespacedChart): Manifest[] {
  return chart.toJson();
}

/** A minimal component: a Deployment and, if it has ports, a Service. */
export class Example extends Component {
  constructor(chart: NamespacedChart, name: string, ports: Record<string, number> = {}) {
    super(chart, name, 'example', ports);
    if (Object.keys(ports).length > 0) this.service();
    const container = { name, image: 'example:1.0.0', resources: { cpu: '1m', memory: '1Mi', memoryLimit: '2Mi' } };
    new k8s.KubeDeployment(this, 'Resource', {
      metadata: this.workloadMetadata(container.image),
      spec: {
        ...this.workload(),
        template: { metadata: this.podMetadata({ a: 'b' }), spec: this.podSpec({ user: 1000, container }) },
      },
    });
  }
}
