import { k8s } from 'cdk8s-plus-27';
import { Component } from '../kubernetes/component';
import { createObject } from '../kubernetes/create-object';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { QUICK_EVICTION } from '../kubernetes/quick-eviction';
import { ONE_POD, UPSTREAM_USER } from '../kubernetes/waivers';
import { images } from '../versions/images';

/** Name of the canary, and value of the label `app` of its lines. */
export const LOG_CANARY = 'log-canary';

/** Selector of the canary's lines. */
export const CANARY_LINES = `{app="${LOG_CANARY}"}`;

/**
 * Seconds between lines. Rules detect late logs after twice this time, which must be before an alert resolves for lack
 * of logs. A day's lines are 0.5 MB.
 */
export const CANARY_PERIOD_S = 10;

/** User `curl_user` of the image. */
const USER = 100;

/** A sleeping shell: 1 MiB, and too little CPU to measure. */
export const LOG_CANARY_RESOURCES = { cpu: '5m', memory: '8Mi', memoryLimit: '32Mi' };

/** Lines are numbered, because Loki drops lines with the same text and timestamp, and so that a gap can be found. */
const SCRIPT = [
  // Process 1 ignores signals without a handler.
  'trap "exit 0" TERM',
  'n=0',
  'while :; do',
  '  n=$((n + 1))',
  '  echo "canary $n $(date -u +%Y-%m-%dT%H:%M:%SZ)"',
  // In the background, because a trap only runs after a foreground command ends.
  `  sleep ${CANARY_PERIOD_S} & wait $!`,
  'done',
].join('\n');

/**
 * A pod that logs a line every ten seconds: while lines arrive, collection, ingestion and evaluation work. There is one
 * pod per cluster, so it only covers the collector of its node.
 */
export class LogCanary extends Component {
  constructor(chart: NamespacedChart) {
    super(chart, LOG_CANARY, 'log-canary', {});
    createObject(this, 'Resource', k8s.KubeDeployment, {
      metadata: this.workloadMetadata(images.curl, {
        ...UPSTREAM_USER,
        ...ONE_POD,
        'liveness-probe': 'it serves nothing; when its lines stop, NoLogsArriving fires',
        'readiness-probe': 'it serves nothing',
      }),
      spec: {
        ...this.workload(),
        replicas: 1,
        template: {
          metadata: this.podMetadata(),
          spec: this.podSpec({
            user: USER,
            // Long before an alert on missing logs fires.
            tolerations: QUICK_EVICTION,
            // There is nothing to finish.
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
