import { k8s } from 'cdk8s-plus-27';
import { Component } from '../kubernetes/component';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { ONE_POD, UPSTREAM_USER } from '../kubernetes/waivers';
import { images } from '../versions/images';

export interface HttpClientProps {
  /** Base URL of what is flooded. */
  readonly targetUrl: string;
  /** Requests per second of one replica. @default 120 */
  readonly rate?: number;
  /** Number of pods that send at this rate each. @default 1 */
  readonly replicas?: number;
}

/** Twice the alert's threshold, and far below what one curl process can do. */
export const DEFAULT_RATE = 120;

/** User `curl_user` of the image. */
const USER = 100;

/** curl holds 10 MiB, after 860,000 requests as after the first. CPU: 22m. */
export const HTTP_CLIENT_RESOURCES = { cpu: '50m', memory: '32Mi', memoryLimit: '64Mi' };

/**
 * The log spammer: one curl process at a steady rate, so that the flood is the same everywhere. Every request has its
 * own number in the path, because Loki drops a line that equals another one in text and time, and because numbered
 * lines can be counted.
 */
export class HttpClient extends Component {
  constructor(chart: NamespacedChart, props: HttpClientProps) {
    super(chart, 'http-client', 'demo', {});
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: this.workloadMetadata(images.curl, {
        ...UPSTREAM_USER,
        ...ONE_POD,
        'liveness-probe': 'it serves nothing, and ends when it fails',
        'readiness-probe': 'it serves nothing',
      }),
      spec: {
        ...this.workload(),
        replicas: props.replicas ?? 1,
        template: {
          metadata: this.podMetadata(),
          spec: this.podSpec({
            user: USER,
            // curl has nothing to finish, and `npm run demo -- --stop-flood` should stop it at once.
            terminationGracePeriodSeconds: 1,
            container: {
              name: this.name,
              image: images.curl,
              args: [
                'curl',
                '--silent',
                '--output',
                '/dev/null',
                // A refused or hanging connection must not end the flood.
                '--connect-timeout',
                '2',
                '--rate',
                `${props.rate ?? DEFAULT_RATE}/s`,
                // A thousand million requests are three months; then the pod starts again.
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
