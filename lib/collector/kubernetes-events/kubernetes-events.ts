import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { checksumAnnotation } from '../../kubernetes/checksum';
import { clientAuth } from '../../kubernetes/client-auth';
import { Component, type Placement } from '../../kubernetes/component';
import { createObject } from '../../kubernetes/create-object';
import { httpProbe } from '../../kubernetes/pod';
import { QUICK_EVICTION } from '../../kubernetes/quick-eviction';
import { ONE_POD } from '../../kubernetes/waivers';
import { images } from '../../versions/images';
import type { CollectorProps } from '../node-collector';
import { readAccess } from '../read-access';
import { kubernetesEventsConfig } from './config';
import { KUBERNETES_EVENTS } from './fields';

/** Ports of the collector's metrics and health check. */
const PORTS = { http: 8888, health: 13133 };
const CONFIG_PATH = '/etc/otelcol';
const AUTH_PATH = '/etc/otelcol-auth';

/** User of the upstream image. */
const USER = 10001;

/**
 * Peak of resident memory, which the list of all pods and events at the start takes: 77 MiB with 15 pods, 205 MiB with
 * 1,000 pods of 22 kB and 2,000 events, 480 MiB with 5,000 of each. CPU: 6m with one event a second.
 */
export const KUBERNETES_EVENTS_RESOURCES = { cpu: '20m', memory: '128Mi', memoryLimit: '512Mi' };

/** Props of the collector of Kubernetes events. */
export type KubernetesEventsProps = Pick<CollectorProps, 'lokiUrl' | 'tenants' | 'tenant' | 'auth' | 'cluster'>;

/**
 * The OpenTelemetry Collector as one pod that sends Kubernetes events to Loki's OTLP endpoint. It stores nothing: after a
 * restart it sends the events of the last minutes again, and Loki drops those that it has. So during an update, two pods
 * may run at the same time.
 */
export class KubernetesEvents extends Component {
  constructor(scope: Construct, props: KubernetesEventsProps, placement?: Placement) {
    super(scope, KUBERNETES_EVENTS, 'event-collector', PORTS, placement);
    const auth = clientAuth(props.auth, AUTH_PATH);
    const config = kubernetesEventsConfig({
      lokiUrl: props.lokiUrl,
      tenants: props.tenants,
      tenant: props.tenant,
      auth: auth.files,
      cluster: props.cluster,
      httpPort: PORTS.http,
      healthPort: PORTS.health,
    });
    const data = { 'config.yaml': stringify(config) };
    // The labels of a pod are its app, and its status has the containers that ran out of memory.
    readAccess(this, ['events', 'pods']);
    const configMap = this.configMap('config', data);
    createObject(this, 'Resource', k8s.KubeDeployment, {
      metadata: this.workloadMetadata(images.openTelemetryCollector, {
        ...ONE_POD,
        'api-token': 'it watches events and pods',
      }),
      spec: {
        ...this.workload(),
        replicas: 1,
        template: {
          metadata: this.podMetadata(checksumAnnotation(data)),
          spec: this.podSpec({
            user: USER,
            serviceAccountName: this.name,
            tolerations: QUICK_EVICTION,
            container: {
              name: this.name,
              image: images.openTelemetryCollector,
              args: [`--config=${CONFIG_PATH}/config.yaml`],
              resources: KUBERNETES_EVENTS_RESOURCES,
              go: {},
              ports: this.ports,
              // It is ready once it knows all pods.
              readinessProbe: httpProbe('/', 'health', { periodSeconds: 5 }),
              // Down for two minutes, not merely busy.
              livenessProbe: {
                tcpSocket: { port: k8s.IntOrString.fromString('health') },
                periodSeconds: 20,
                failureThreshold: 6,
              },
              readOnly: { [CONFIG_PATH]: 'config', ...auth.readOnly },
            },
            volumes: [{ name: 'config', configMap: { name: configMap.name } }, ...auth.volumes],
          }),
        },
      },
    });
  }
}
