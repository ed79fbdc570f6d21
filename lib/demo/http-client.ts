import { k8s } from 'cdk8s-plus-27';
import { Component } from '../kubernetes/component';
import { createObject } from '../kubernetes/create-object';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { ONE_POD, UPSTREAM_USER } from '../kubernetes/waivers';
import { images } from '../versions/images';

export interface HttpClientProps {
  /** Base URL of the service to flood. */
  readonly targetUrl: string;
  /** Requests per second of each replica. @default 120 */
  readonly rate?: number;
  /** Number of replicas. @default 1 */
  readonly replicas?: number;
}

/** Twice the alert's threshold, and well within the capacity of one curl process. */
export const DEFAULT_RATE = 120;

/** User `curl_user` of the image. */
const USER = 100;

/** Resident memory: 10 MiB, even after 860,000 requests. CPU: 22m. */
export const HTTP_CLIENT_RESOURCES = { cpu: '50m', memory: '32Mi', memoryLimit: '64Mi' };

/**
 * The log spammer: one curl process at a steady rate, so that the flood is the same everywhere. Requests are numbered
 * in their path, because Loki drops lines with the same text and timestamp, and so that a gap can be found.
 */
export class HttpClient extends Component {
  constructor(chart: NamespacedChart, props: HttpClientProps) {
    super(chart, 'http-client', 'demo', {});
    createObject(this, 'Resource', k8s.KubeDeployment, {
      metadata: this.workloadMetadata(images.curl, {
        ...UPSTREAM_USER,
        ...ONE_POD,
        'liveness-probe': 'it serves nothing, and exits on failure',
        'readiness-probe': 'it serves nothing',
      }),
      spec: {
        ...this.workload(),
        replicas: props.replicas ?? 1,
        template: {
          metadata: this.podMetadata(),
          spec: this.podSpec({
            user: USER,
            // There is nothing to finish, and `npm run demo -- --stop-flood` should take effect at once.
            terminationGracePeriodSeconds: 1,
            container: {
              name: this.name,
              image: images.curl,
              args: [
                'curl',
                '--silent',
                '--output',
                '/dev/null',
                // A connection that is refused or hangs must not end the flood.
                '--connect-timeout',
                '2',
                '--rate',
                `${props.rate ?? DEFAULT_RATE}/s`,
                // A billion requests take three months; then the pod restarts.
                `${props.targetUrl}/flood/[1-1000000000]`,
              ],
              resources: HTTP_CLIENT_RESOURCES,
            },
          }),
        },
      },
    });
  }
}
