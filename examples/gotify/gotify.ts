import { k8s } from 'cdk8s-plus-27';
import { Component } from '../../lib/kubernetes/component';
import type { NamespacedChart } from '../../lib/kubernetes/namespaced-chart';
import { httpProbe } from '../../lib/kubernetes/pod';
import { statefulSet } from '../../lib/kubernetes/stateful-set';
import { ONE_SERVED } from '../../lib/kubernetes/waivers';
import { images } from '../../lib/versions/images';

/** The image names no user and would run as root; any other can read its program, and write the disk that is its own. */
const USER = 10001;

/** Not measured: room for a Go program with SQLite, whose password hashes take CPU at a login only. */
const RESOURCES = { cpu: '20m', memory: '64Mi', memoryLimit: '128Mi' };

/** Messages are text; pictures of applications a few hundred KiB each. */
const STORAGE = '1Gi';

/** Users, applications and messages: `GOTIFY_DATABASE_CONNECTION` and the folders of pictures and plugins lie below. */
const DATA_PATH = '/app/data';

export interface GotifyServerProps {
  /** Secret whose key `password` becomes that of the user `admin`, at the first start only. */
  readonly adminSecret: string;
}

/**
 * One Gotify server on SQLite, which allows no second one.
 * @see https://gotify.net/docs/config
 */
export class GotifyServer extends Component {
  constructor(chart: NamespacedChart, props: GotifyServerProps) {
    super(chart, 'gotify', 'message-server', { http: 8080 });
    this.service();
    statefulSet(this, 'stateful-set', {
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
              // Tells of the database too, so that only readiness asks it: a restart mends no disk.
              readinessProbe: httpProbe('/health', 'http', { periodSeconds: 5 }),
              livenessProbe: httpProbe('/version', 'http', { periodSeconds: 20, failureThreshold: 6 }),
              writable: { [DATA_PATH]: 'data', '/tmp': 'tmp' },
            },
            // SQLite's files for large sorts; the root file system is read-only.
            volumes: [{ name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('32Mi') } }],
          }),
        },
      },
      claim: { storage: STORAGE },
    });
  }
}
