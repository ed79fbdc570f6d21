import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { Component, type Placement } from '../kubernetes/component';
import { quantityValue } from '../kubernetes/quantity';
import type { Resources } from '../kubernetes/resources';
import { statefulSet } from '../kubernetes/stateful-set';
import { ONE_POD, UPSTREAM_USER } from '../kubernetes/waivers';
import { images } from '../versions/images';

/** Data that memcached can cache: chunks from object storage, or query results. */
export type CacheName = 'chunks' | 'results';

export interface CacheOptions {
  /**
   * Maximum size of the cached data, a Kubernetes quantity; the pod requests a fifth more for connections and index.
   */
  readonly memory: string;
}

export type Caches = Readonly<Partial<Record<CacheName, CacheOptions>>>;

const PORT = 11211;

/** User `memcache` of the image. */
const USER = 11211;

/**
 * Memory of memcached in relation to the cached data.
 * @see _memcached-statefulset.tpl of Loki's chart: `allocatedMemory * 1.2`
 */
const OVERHEAD = 1.2;

/** Lookups are cheap; Loki's chart requests five times as much for 8 GiB. Not measured. */
const CPU = '100m';

/** Maximum item size, as in Loki's chart: chunks have 1.5 MB or more, and memcached's default is 1 MB. */
const MAX_ITEM = '5m';

const MEBIBYTE = 2 ** 20;

/** Returns the resources of a cache's pod. */
export function cacheResources({ memory }: CacheOptions): Resources {
  const memoryQuantity = `${Math.ceil(cachedMebibytes(memory) * OVERHEAD)}Mi`;
  return { cpu: CPU, memory: memoryQuantity, memoryLimit: memoryQuantity };
}

function cachedMebibytes(memory: string): number {
  return Math.floor(quantityValue(memory) / MEBIBYTE);
}

/** memcached for Loki: one pod. Loki reads from object storage if it is lost. */
export class LokiCache extends Component {
  constructor(scope: Construct, cache: CacheName, options: CacheOptions, placement?: Placement) {
    super(scope, `loki-${cache}-cache`, 'log-store-cache', { memcached: PORT }, placement);
    const probe: k8s.Probe = { tcpSocket: { port: k8s.IntOrString.fromString('memcached') } };
    this.service({ headless: true });
    statefulSet(this, 'Resource', {
      metadata: this.workloadMetadata(images.memcached, {
        ...UPSTREAM_USER,
        ...ONE_POD,
        'different-probes': 'memcached has no HTTP endpoint; if it accepts connections, it serves them',
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
              args: ['-m', `${cachedMebibytes(options.memory)}`, '-I', MAX_ITEM, '--extended=modern'],
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

/** Returns the address of a cache in Loki's configuration; `dns+` resolves the name repeatedly. */
export const cacheAddress = (cache: Component) => `dns+${cache.address('memcached')}`;
