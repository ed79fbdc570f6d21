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
    `put it into a Secret with the keys ${CREDENTIAL_KEYS.join(' and ')}, and write credentialsSecret: '<its name>'`,
  ),
);

/**
 * A DNS label, with room in 63 for what Kubernetes puts around it in a label of the pods:
 * `loki-ingester-<zone>-<10 characters>`.
 */
const ZONE = /^[a-z0-9]([a-z0-9-]{0,36}[a-z0-9])?$/;

/** S3's rules, and those of the services that are compatible with it. */
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
            message: wrong('has a path', 'write the address of the service alone, and the bucket as bucket'),
          });
        }
      }),
    ),
    region: v.pipe(v.string(), v.nonEmpty(wrong('is empty', 'services without regions take any, such as us-east-1'))),
    bucket: v.pipe(
      v.string(),
      v.regex(BUCKET, wrong('is not a valid name of a bucket', 'use 3 to 63 of a-z, 0-9, - and .')),
    ),
    credentialsSecret: v.optional(objectName),
    serviceAccountAnnotations: v.optional(v.record(v.string(), v.string())),
    accessKeyId: credential,
    secretAccessKey: credential,
  }),
  v.check(
    ({ credentialsSecret, serviceAccountAnnotations }) =>
      (credentialsSecret === undefined) !== (serviceAccountAnnotations === undefined),
    'needs exactly one of credentialsSecret (a Secret with keys) and serviceAccountAnnotations (workload identity)',
  ),
  v.forward(
    v.partialCheck(
      [['endpoint'], ['bucket']],
      ({ endpoint, bucket }) => !URL.canParse(endpoint) || new URL(endpoint).hostname.split('.')[0] !== bucket,
      wrong(
        'begins with the name of the bucket, which Loki puts there itself',
        'write the address of the service alone',
      ),
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
  compactor: refused(wrong('can only be one: two would delete the same things', 'leave it out')),
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
        wrong('leaves nothing to choose', 'write more than minReplicas, or replicas instead'),
      ),
      ['maxReplicas'],
    ),
  ),
);

const keepsSomething = refused(
  wrong(
    'keeps something that is lost, or lies on the wrong pod, when its number changes by itself',
    'write replicas instead',
  ),
);

const autoscaling = optionsOf<NonNullable<DistributedLokiOptions['autoscaling']>>()({
  distributor: autoscaled,
  'query-frontend': autoscaled,
  querier: autoscaled,
  ingester: keepsSomething,
  'index-gateway': keepsSomething,
  ruler: keepsSomething,
  'query-scheduler': refused(
    wrong('costs nothing, and every frontend and querier holds connections to each', 'write replicas'),
  ),
  compactor: refused(wrong('can only be one: two would delete the same things', 'leave it out')),
} satisfies Record<LokiTargetName, v.GenericSchema>);

/** What the option that `pods` took the place of is answered with. */
export const movedToPods = refused(
  wrong(
    "is a part of the option 'pods'",
    "write pods: { 'loki-ingester': { resources: { memoryLimit: '8Gi' } } } beside loki",
  ),
);

const zones = v.pipe(
  v.array(v.pipe(v.string(), v.regex(ZONE, wrong('is not a valid name of a zone', 'use up to 38 of a-z, 0-9 and -')))),
  v.check((names) => new Set(names).size === names.length, 'names a zone twice'),
);

/** Below, memcached has no room for a few chunks of 1.5 MB in each of its size classes. */
const LEAST_CACHE = '64Mi';

const cache = v.optional(
  optionsOf<CacheOptions>()({
    memory: v.pipe(
      bytes,
      v.check(
        (text) => !(quantityValue(text) < quantityValue(LEAST_CACHE)),
        wrong('is too little for a cache', `write ${LEAST_CACHE} or more`),
      ),
    ),
  }),
);

const caches = optionsOf<Caches>()({ chunks: cache, results: cache });

/** What messages say of options that may be left out. */
const ingestersOf = ({ replicas }: { readonly replicas?: { readonly ingester?: number } }): number =>
  replicas?.ingester ?? LOKI_TARGETS.ingester.replicas;
const copiesOf = ({ replicationFactor }: { readonly replicationFactor?: number }): string =>
  `${replicationFactor ?? `${DEFAULT_REPLICATION_FACTOR} by default`}`;

/** What may be asked of a distributed Loki. */
export const distributedOptions = v.pipe(
  // What is required is optional here, so that it is missed with a reason.
  optionsOf<Partial<DistributedLokiOptions>>()({
    ...sharedOptions,
    objectStorage: v.optional(objectStorage),
    replicas: v.optional(replicas),
    replicationFactor: v.optional(
      v.pipe(
        positiveInteger,
        // 2 of 2, or 3 of 4: one more copy than an odd number, and no more of them may be missing.
        v.check(
          (copies) => copies % 2 === 1,
          wrong('is even, so that the last copy costs a disk and lets no more ingesters fail', 'write 1, 3 or 5'),
        ),
      ),
    ),
    autoscaling: v.optional(autoscaling),
    resources: movedToPods,
    zones: v.optional(zones),
    caches: v.optional(caches),
  }),
  v.forward(
    v.partialCheck(
      [['objectStorage']],
      ({ objectStorage }) => objectStorage !== undefined,
      wrong(
        'is missing, and no file system can be shared by several Lokis',
        'give { endpoint, region, bucket, credentialsSecret }',
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
          `is ${copiesOf(input)}, above the ${ingestersOf(input)} ingesters, so that no line could lie on that many`,
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
          `are fewer than the copies of a line, each of which goes to another zone; replicationFactor is ${copiesOf(input)}`,
          'name more zones, or lower it',
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
          'write as replicas.ingester how many there are in all zones together',
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
        message: wrong('has a number in replicas too, which each apply would set again', 'leave one of the two out'),
        path: [
          { type: 'object', origin: 'value', input, key: 'autoscaling', value: autoscaling },
          { type: 'object', origin: 'value', input: autoscaling, key, value: autoscaling[key] },
        ],
      });
    }
  }),
);
