import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { k8s } from 'cdk8s-plus-27';
import { images } from '../images';
import { checksumAnnotation } from '../kubernetes/checksum';
import { Component } from '../kubernetes/component';
import { UPSTREAM_USER } from '../kubernetes/kube-score';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { httpProbe, podSpec } from '../kubernetes/pod';

/** User `nginx` of the image. */
const USER = 101;

/** Two workers idle at 5 MiB; 120 requests/s take 2 % of a core. The disk holds the log until it is rotated. */
const RESOURCES = { cpu: '25m', memory: '32Mi', memoryLimit: '64Mi', ephemeralStorage: '256Mi' };

/**
 * nginx with one server configuration: the file `<name>.conf` beside this one.
 */
export class NginxApp extends Component {
  constructor(chart: NamespacedChart, name: string) {
    super(chart, name, 'demo', { http: 8080 });
    const data = { 'default.conf': readFileSync(join(__dirname, `${name}.conf`), 'utf8') };
    const configMap = this.configMap('config', data);
    this.service();
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: this.workloadMetadata(UPSTREAM_USER),
      spec: {
        ...this.workload(),
        replicas: 1,
        template: {
          metadata: this.podMetadata(checksumAnnotation(data)),
          spec: podSpec({
            user: USER,
            container: {
              name: this.name,
              image: images.nginx,
              ports: this.ports,
              resources: RESOURCES,
              readinessProbe: httpProbe('/healthz', 'http', { periodSeconds: 5 }),
              writable: { '/tmp': 'tmp' },
              readOnly: { '/etc/nginx/conf.d': 'config' },
            },
            volumes: [
              { name: 'config', configMap: { name: configMap.name } },
              { name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('64Mi') } },
            ],
          }),
        },
      },
    });
  }
}
