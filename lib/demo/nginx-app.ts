import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { k8s } from 'cdk8s-plus-27';
import { checksumAnnotation } from '../kubernetes/checksum';
import { Component } from '../kubernetes/component';
import { createObject } from '../kubernetes/create-object';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { NGINX_WAIVERS, nginxPod } from '../kubernetes/nginx-pod';
import { ONE_POD } from '../kubernetes/waivers';
import { images } from '../versions/images';

/** Port of the server configurations; the image's user may open none below 1024. */
export const NGINX_APP_PORT = 8080;

/**
 * Resident memory: 13 MiB in three processes. CPU: 8m at 120 requests/s. The disk is for request bodies, and for the
 * log until the kubelet, which checks every 10 s, rotates it: 30 MiB at 7,000 requests/s.
 */
export const NGINX_APP_RESOURCES = { cpu: '25m', memory: '32Mi', memoryLimit: '64Mi' };

const CONFIGS = {
  'slack-inbox': readFileSync(join(__dirname, 'slack-inbox.conf'), 'utf8'),
  webservice: readFileSync(join(__dirname, 'webservice.conf'), 'utf8'),
};

/** nginx with one configuration file, `<name>.conf` in this folder. */
export class NginxApp extends Component {
  constructor(chart: NamespacedChart, name: keyof typeof CONFIGS) {
    super(chart, name, 'demo', { http: NGINX_APP_PORT });
    const data = { 'default.conf': CONFIGS[name] };
    const configMap = this.configMap('config', data);
    this.service();
    createObject(this, 'Resource', k8s.KubeDeployment, {
      metadata: this.workloadMetadata(images.nginx, { ...NGINX_WAIVERS, ...ONE_POD }),
      spec: {
        ...this.workload(),
        replicas: 1,
        template: {
          metadata: this.podMetadata(checksumAnnotation(data)),
          spec: this.podSpec(
            nginxPod({
              name: this.name,
              ports: this.ports,
              resources: NGINX_APP_RESOURCES,
              configMap: configMap.name,
              tmp: '64Mi',
            }),
          ),
        },
      },
    });
  }
}
