import { k8s } from 'cdk8s-plus-27';
import { Component } from '../../lib/kubernetes/component';
import type { NamespacedChart } from '../../lib/kubernetes/namespaced-chart';
import { httpProbe } from '../../lib/kubernetes/pod';
import { statefulSet } from '../../lib/kubernetes/stateful-set';
import { ONE_SERVED } from '../../lib/kubernetes/waivers';
import { images } from '../../lib/versions/images';

/** The image sets no user and would run as root. Any user can read its program and write its own volume. */
const USER = 10001;

/** Not measured: enough for a Go program with SQLite, which needs CPU for password hashes only at a login. */
const RESOURCES = { cpu: '20m', memory: '64Mi', memoryLimit: '128Mi' };

/** Messages are text, and images of applications take a few hundred KiB each. */
const STORAGE = '1Gi';

/** Default folder of Gotify's database, images and plugins. */
const DATA_PATH = '/app/data';

export interface GotifyServerProps {
  /** Secret whose key `password` is the initial password of the user `admin`. */
  readonly adminSecret: string;
}

/**
 * Gotify server on SQLite, which only supports a single replica.
 * @see https://gotify.net/docs/config
 */
export class GotifyServer extends Component {
  constructor(chart: NamespacedChart, props: GotifyServerProps) {
    super(chart, 'gotify', 'message-server', { http: 8080 });
    this.service();
    statefulSet(this, 'Resource', {
      metadata: this.workloadMetadata(images.gotify, ONE_SERVED),
      spec: {
        ...this.workload(),
        serviceName: this.name,
        replicas: 1,
        template: {
          metadata: this.podMetadata(),
          spec: this.podSpec({
            user: USER,
            container: {
              name: this.name,
              image: images.gotify,
              env: [
                { name: 'GOTIFY_SERVER_PORT', value: `${this.ports.http}` },
                {
                  name: 'GOTIFY_DEFAULTUSER_PASS',
                  valueFrom: { secretKeyRef: { name: props.adminSecret, key: 'password' } },
                },
              ],
              ports: this.ports,
              resources: RESOURCES,
              go: {},
              // It fails with the database too. A restart would not fix that, so only the readiness probe uses it.
              readinessProbe: httpProbe('/health', 'http', { periodSeconds: 5 }),
              livenessProbe: httpProbe('/version', 'http', { periodSeconds: 20, failureThreshold: 6 }),
              writable: { [DATA_PATH]: 'data', '/tmp': 'tmp' },
            },
            // For SQLite's large sorts, because the root file system is read-only.
            volumes: [{ name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('32Mi') } }],
          }),
        },
      },
      claim: { storage: STORAGE },
    });
  }
}
