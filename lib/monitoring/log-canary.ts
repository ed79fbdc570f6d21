import { k8s } from 'cdk8s-plus-27';
import { Component } from '../kubernetes/component';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { ONE_POD, UPSTREAM_USER } from '../kubernetes/waivers';
import { images } from '../versions/images';

/** Name of the canary, and the label `app` of its lines. */
export const LOG_CANARY = 'log-canary';

/** Selects the canary's lines. */
export const CANARY_LINES = `{app="${LOG_CANARY}"}`;

/**
 * Seconds between two lines. Rules see that logs are late after twice as long, which must be sooner than an alert ends
 * for lack of logs; a day's lines are 0.5 MB.
 */
export const CANARY_PERIOD_S = 10;

/** User `curl_user` of the image. */
const USER = 100;

/** A shell that sleeps: 1 MiB, no CPU that could be measured. */
export const LOG_CANARY_RESOURCES = { cpu: '5m', memory: '8Mi', memoryLimit: '32Mi' };

/** Lines are numbered: Loki drops one that equals another in text and time, and a gap can be counted. */
const SCRIPT = [
  // A shell that is process 1 ignores the signal unless it says otherwise.
  'trap "exit 0" TERM',
  'n=0',
  'while :; do',
  '  n=$((n + 1))',
  '  echo "canary $n $(date -u +%Y-%m-%dT%H:%M:%SZ)"',
  // In the background, because a trap waits for a command in the foreground.
  `  sleep ${CANARY_PERIOD_S} & wait $!`,
  'done',
].join('\n');

/** Its node is gone: long before the five minutes that Kubernetes waits, so that alerts don't take it for missing logs. */
const SOON = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 30,
}));

/**
 * A pod that logs a line every ten seconds: as long as they arrive, collection, ingestion and evaluation work. One pod
 * for the cluster, so it is the collector of one node that it watches.
 */
export class LogCanary extends Component {
  constructor(chart: NamespacedChart) {
    super(chart, LOG_CANARY, 'log-canary', {});
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: this.workloadMetadata(images.curl, {
        ...UPSTREAM_USER,
        ...ONE_POD,
        'liveness-probe': 'it serves nothing; when its lines stop, NoLogsArriving fires',
        'readiness-probe': 'it serves nothing that could be ready',
      }),
      spec: {
        ...this.workload(),
        replicas: 1,
        template: {
          metadata: this.podMetadata(),
          spec: this.podSpec({
            user: USER,
            tolerations: SOON,
            // It has nothing to finish.
            terminationGracePeriodSeconds: 1,
            container: {
              name: this.name,
              image: images.curl,
              command: ['/bin/sh', '-c'],
              args: [SCRIPT],
              resources: LOG_CANARY_RESOURCES,
            },
          }),
        },
      },
    });
  }
}
