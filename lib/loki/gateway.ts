import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { disruptionBudget, spread } from '../kubernetes/availability';
import { checksumAnnotation } from '../kubernetes/checksum';
import { Component, type Placement } from '../kubernetes/component';
import { createObject } from '../kubernetes/create-object';
import { NGINX_WAIVERS, nginxPod } from '../kubernetes/nginx-pod';
import { SPREAD } from '../kubernetes/waivers';
import { images } from '../versions/images';
import { type GatewayTargets, gatewayConfig } from './gateway-config';

const PORT = 8080;

/** Two idle workers use 5 MiB; nginx buffers responses of several MB in memory or in /tmp. */
export const GATEWAY_RESOURCES = { cpu: '25m', memory: '32Mi', memoryLimit: '128Mi' };

/** Two, so that one may fail. */
const REPLICAS = 2;

/** nginx in front of a distributed Loki: one address for Grafana. */
export class LokiGateway extends Component {
  constructor(scope: Construct, targets: GatewayTargets, placement?: Placement) {
    super(scope, 'loki-gateway', 'log-store-gateway', { http: PORT }, placement);
    const data = { 'default.conf': gatewayConfig(targets, PORT) };
    const configMap = this.configMap('config', data);
    this.service();
    disruptionBudget(this, REPLICAS);
    createObject(this, 'Resource', k8s.KubeDeployment, {
      metadata: this.workloadMetadata(images.nginx, { ...NGINX_WAIVERS, ...SPREAD }),
      spec: {
        ...this.workload(),
        replicas: REPLICAS,
        template: {
          metadata: this.podMetadata(checksumAnnotation(data)),
          spec: this.podSpec(
            nginxPod({
              name: this.name,
              ports: this.ports,
              resources: GATEWAY_RESOURCES,
              configMap: configMap.name,
              tmp: '128Mi',
              topologySpreadConstraints: spread(this.selector, 'Deployment'),
            }),
          ),
        },
      },
    });
  }
}
