import { k8s } from 'cdk8s-plus-27';
import { Component } from '../kubernetes/component';
import type { NamespacedChart } from '../kubernetes/namespaced-chart';
import { quantityValue } from '../kubernetes/quantity';
import type { Resources } from '../kubernetes/resources';
import { statefulSet } from '../kubernetes/stateful-set';
import { ONE_POD, UPSTREAM_USER } from '../kubernetes/waivers';
import { images } from '../versions/images';

/** What can be cached beside Loki: chunks of object storage, or answers to queries. */
export type CacheName = 'chunks' | 'results';

export interface CacheOptions {
  /** What it holds at most, a Kubernetes quantity; its pod asks for a fifth more, for its connections and index. */
  readonly memory: string;
}

export type Caches = Readonly<Partial<Record<CacheName, CacheOptions>>>;

const PORT = 11211;

/** User `memcache` of the image. */
const USER = 11211;

/** What memcached takes beyond what it holds. @see _memcached-statefulset.tpl of Loki's chart: `allocatedMemory * 1.2` */
const OVERHEAD = 1.2;

/** Looking up a key costs little; Loki's chart asks for five times as much, for 8 GiB. Not measured. */
const CPU = '100m';

/** Above a chunk's 1.5 MB, which may come out larger; memcached's own limit is 1 MB. The chart's value. */
const MAX_ITEM = '5m';

const MEBIBYTE = 2 ** 20;

/** What the pod of a cache asks for, so that it can hold what it may. */
export function cacheResources({ memory }: CacheOptions): Resources {
  const asked = `${Math.ceil(heldMebibytes(memory) * OVERHEAD)}Mi`;
  return { cpu: CPU, memory: asked, memoryLimit: asked };
}

function heldMebibytes(memory: string): number {
  return Math.floor(quantityValue(memory) / MEBIBYTE);
}

/**
 * memcached for Loki: one pod, which may be lost with all it holds. Loki asks object storage then.
 */
export class LokiCache extends Component {
  constructor(chart: NamespacedChart, cache: CacheName, options: CacheOptions) {
    super(chart, `loki-${cache}-cache`, 'log-store-cache', { memcached: PORT });
    const probe: k8s.Probe = { tcpSocket: { port: k8s.IntOrString.fromString('memcached') } };
    this.service({ headless: true });
    statefulSet(this, 'stateful-set', {
      metadata: this.workloadMetadata(images.memcached, {
        ...UPSTREAM_USER,
        ...ONE_POD,
        'different-probes': 'memcached answers by TCP alone; what takes connections serves them',
      }),
      spec: {
        ...this.workload(),
        serviceName: this.name,
        replicas: 1,
        template: {
          metadata: this.podMetadata(),
          spec: this.podSpec({
            user: USER,
            container: {
              name: 'memcached',
              image: images.memcached,
              args: ['-m', `${heldMebibytes(options.memory)}`, '-I', MAX_ITEM, '--extended=modern'],
              ports: this.ports,
              resources: cacheResources(options),
              readinessProbe: { ...probe, periodSeconds: 5 },
              livenessProbe: { ...probe, initialDelaySeconds: 30, periodSeconds: 20, failureThreshold: 3 },
            },
          }),
        },
      },
    });
  }
}

/** Where Loki finds a cache: `dns+` keeps looking the name up. */
export const cacheAddress = (cache: Component) => `dns+${cache.address('memcached')}`;
