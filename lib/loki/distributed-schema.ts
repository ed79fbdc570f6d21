import * as v from 'valibot';
import type { Autoscaling } from '../kubernetes/autoscaling';
import { quantityValue } from '../kubernetes/quantity';
import { bytes, httpUrl, objectName, optionsOf, positiveInteger, refused, wrong } from '../validate/validate';
import type { CacheOptions, Caches } from './cache';
import { DEFAULT_REPLICATION_FACTOR } from './distributed';
import { CREDENTIAL_KEYS, type ObjectStorage } from './object-storage';
import type { DistributedLokiOptions } from './props';
import { sharedOptions } from './shared-schema';
import { AUTOSCALED_TARGETS, LOKI_TARGETS, type LokiTargetName } from './targets';

const credential = refused(
  wrong(
    'is a credential, which would be committed in dist',
    `put it in a Secret with the keys ${CREDENTIAL_KEYS.join(' and ')}, and set credentialsSecret: '<its name>'`,
  ),
);

/**
 * A DNS label short enough for the label `loki-ingester-<zone>-<10 characters>` of pods, which has at most 63
 * characters.
 */
const ZONE = /^[a-z0-9]([a-z0-9-]{0,36}[a-z0-9])?$/;

/** Names of buckets in S3 and compatible services. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const objectStorage = v.pipe(
  optionsOf<ObjectStorage>()({
    endpoint: v.pipe(
      httpUrl,
      v.rawCheck(({ dataset, addIssue }) => {
        if (!dataset.typed || !/^https?:/.test(dataset.value) || !URL.canParse(dataset.value)) return;
        const { pathname, search } = new URL(dataset.value);
        if (pathname !== '/' || search) {
          addIssue({
            message: wrong(
              'has a path',
              'use the address of the service only, and set bucket to the name of the bucket',
            ),
          });
        }
      }),
    ),
    region: v.pipe(
      v.string(),
      v.nonEmpty(
        wrong('is empty', 'use the region of the bucket; for services without regions, any value such as us-east-1'),
      ),
    ),
    bucket: v.pipe(
      v.string(),
      v.regex(BUCKET, wrong('is not a valid bucket name', 'use 3 to 63 of a-z, 0-9, - and .')),
    ),
    credentialsSecret: v.optional(objectName),
    serviceAccountAnnotations: v.optional(v.record(v.string(), v.string())),
    accessKeyId: credential,
    secretAccessKey: credential,
  }),
  v.check(
    ({ credentialsSecret, serviceAccountAnnotations }) =>
      (credentialsSecret === undefined) !== (serviceAccountAnnotations === undefined),
    'requires exactly one of credentialsSecret (a Secret with keys) and serviceAccountAnnotations (workload identity)',
  ),
  v.forward(
    v.partialCheck(
      [['endpoint'], ['bucket']],
      ({ endpoint, bucket }) => !URL.canParse(endpoint) || new URL(endpoint).hostname.split('.')[0] !== bucket,
      wrong('starts with the name of the bucket, which Loki adds itself', 'use the address of the service only'),
    ),
    ['endpoint'],
  ),
);

const replicas = optionsOf<NonNullable<DistributedLokiOptions['replicas']>>()({
  distributor: v.optional(positiveInteger),
  ingester: v.optional(positiveInteger),
  'query-frontend': v.optional(positiveInteger),
  'query-scheduler': v.optional(positiveInteger),
  querier: v.optional(positiveInteger),
  'index-gateway': v.optional(positiveInteger),
  ruler: v.optional(positiveInteger),
  compactor: refused(wrong('is always 1: two compactors would delete the same data', 'remove it')),
});

const autoscaled = v.optional(
  v.pipe(
    optionsOf<Autoscaling>()({
      minReplicas: positiveInteger,
      maxReplicas: positiveInteger,
      targetCpu: v.optional(positiveInteger),
    }),
    v.forward(
      v.partialCheck(
        [['minReplicas'], ['maxReplicas']],
        ({ minReplicas, maxReplicas }) => minReplicas < maxReplicas,
        wrong('is not greater than minReplicas', 'raise it, or use replicas instead'),
      ),
      ['maxReplicas'],
    ),
  ),
);

const stateful = refused(
  wrong(
    'cannot be autoscaled: its pods have state, which is lost or misplaced when their number changes',
    'use replicas instead',
  ),
);

const autoscaling = optionsOf<NonNullable<DistributedLokiOptions['autoscaling']>>()({
  distributor: autoscaled,
  'query-frontend': autoscaled,
  querier: autoscaled,
  ingester: stateful,
  'index-gateway': stateful,
  ruler: stateful,
  'query-scheduler': refused(
    wrong(
      'cannot be autoscaled: it needs little CPU, and every frontend and querier connects to each of its pods',
      'use replicas instead',
    ),
  ),
  compactor: refused(wrong('is always 1: two compactors would delete the same data', 'remove it')),
} satisfies Record<LokiTargetName, v.GenericSchema>);

/** Schema of the option of the other profiles for an external Loki. */
export const externalOnly = refused(
  wrong("is only supported by the deployment profile 'external'", 'set that profile, or remove the option'),
);

/** Schema of an option that `pods` replaced. */
export const movedToPods = refused(
  wrong(
    "was replaced by the option 'pods'",
    "use e.g. pods: { 'loki-ingester': { resources: { memoryLimit: '8Gi' } } }, next to loki",
  ),
);

const zones = v.pipe(
  v.array(v.pipe(v.string(), v.regex(ZONE, wrong('is not a valid zone name', 'use up to 38 of a-z, 0-9 and -')))),
  v.check((names) => new Set(names).size === names.length, 'has a duplicate zone: remove one'),
);

/** Minimum size of a cache: memcached needs space for several chunks of 1.5 MB in each slab class. */
const MIN_CACHE = '64Mi';

const cache = v.optional(
  optionsOf<CacheOptions>()({
    memory: v.pipe(
      bytes,
      v.check(
        (text) => !(quantityValue(text) < quantityValue(MIN_CACHE)),
        wrong('is too small for a cache', `use ${MIN_CACHE} or more`),
      ),
    ),
  }),
);

const caches = optionsOf<Caches>()({ chunks: cache, results: cache });

/** Values of optional options, for messages. */
const ingestersOf = ({ replicas }: { readonly replicas?: { readonly ingester?: number } }): number =>
  replicas?.ingester ?? LOKI_TARGETS.ingester.replicas;
const copiesOf = ({ replicationFactor }: { readonly replicationFactor?: number }): string =>
  `${replicationFactor ?? `${DEFAULT_REPLICATION_FACTOR} by default`}`;

/** Schema of the options of a distributed Loki. */
export const distributedOptions = v.pipe(
  // Required options are optional here, for a message with the reason.
  optionsOf<Partial<DistributedLokiOptions>>()({
    ...sharedOptions,
    objectStorage: v.optional(objectStorage),
    replicas: v.optional(replicas),
    replicationFactor: v.optional(
      v.pipe(
        positiveInteger,
        // A majority is 2 of 2 or 3 of 4: no more copies may be missing than with one copy less.
        v.check(
          (copies) => copies % 2 === 1,
          wrong('is even, which tolerates no more failures than one copy less', 'use 1, 3 or 5'),
        ),
      ),
    ),
    autoscaling: v.optional(autoscaling),
    resources: movedToPods,
    external: externalOnly,
    zones: v.optional(zones),
    caches: v.optional(caches),
  }),
  v.forward(
    v.partialCheck(
      [['objectStorage']],
      ({ objectStorage }) => objectStorage !== undefined,
      wrong(
        'is required: the targets of a distributed Loki cannot share a file system',
        'set { endpoint, region, bucket, credentialsSecret }',
      ),
    ),
    ['objectStorage'],
  ),
  v.forward(
    v.partialCheck(
      [['replicas', 'ingester'], ['replicationFactor']],
      ({ replicas, replicationFactor = DEFAULT_REPLICATION_FACTOR }) => replicationFactor <= ingestersOf({ replicas }),
      ({ input }) =>
        wrong(
          `is ${copiesOf(input)}, more than the ${ingestersOf(input)} ingesters`,
          'lower it, or raise replicas.ingester',
        ),
    ),
    ['replicationFactor'],
  ),
  v.forward(
    v.partialCheck(
      [['zones'], ['replicationFactor']],
      ({ zones, replicationFactor = DEFAULT_REPLICATION_FACTOR }) =>
        zones === undefined || zones.length >= replicationFactor,
      ({ input }) =>
        wrong(
          `are fewer than the copies of a line, which go to different zones; replicationFactor is ${copiesOf(input)}`,
          'add zones, or lower replicationFactor',
        ),
    ),
    ['zones'],
  ),
  v.forward(
    v.partialCheck(
      [['zones'], ['replicas', 'ingester']],
      ({ zones = [], replicas }) => zones.length === 0 || ingestersOf({ replicas }) % zones.length === 0,
      ({ input }) =>
        wrong(
          `do not divide the ${ingestersOf(input)} ingesters`,
          'set replicas.ingester to a multiple of the number of zones',
        ),
    ),
    ['zones'],
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const input = dataset.value;
    const { autoscaling = {}, replicas = {} } = input;
    for (const key of AUTOSCALED_TARGETS) {
      if (autoscaling[key] === undefined || replicas[key] === undefined) continue;
      addIssue({
        message: wrong('conflicts with replicas, which each apply would restore', 'remove one of the two'),
        path: [
          { type: 'object', origin: 'value', input, key: 'autoscaling', value: autoscaling },
          { type: 'object', origin: 'value', input: autoscaling, key, value: autoscaling[key] },
        ],
      });
    }
  }),
);
