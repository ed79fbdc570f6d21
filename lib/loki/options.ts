import * as v from 'valibot';
import { duration, httpUrl, objectName, options, positiveInteger, quantity } from '../options';
import { DEFAULT_REPLICATION_FACTOR } from './distributed';
import { CREDENTIAL_KEYS } from './object-storage';
import { LOKI_TARGETS, type ScalableTarget } from './targets';

/** An option that is refused whatever it holds, without showing that: it may be a credential. */
function refused(message: string) {
  return v.optional(
    v.pipe(
      v.unknown(),
      v.rawCheck(({ addIssue }) => addIssue({ message })),
    ),
  );
}

const credential = refused(
  `is a credential, and dist is committed: put it into a Secret with the keys ${CREDENTIAL_KEYS.join(' and ')}, and write credentialsSecret: '<its name>'`,
);

const both = {
  retention: v.optional(duration),
  evaluationInterval: v.optional(duration),
  storage: v.optional(quantity),
};

const distributedOnly = refused("is for several Lokis: write mode: 'distributed' too, or leave it out");

const single = options({
  // One of any other name ends up here, and is told both.
  mode: v.optional(v.picklist(['single', 'distributed'])),
  ...both,
  objectStorage: distributedOnly,
  replicas: distributedOnly,
  replicationFactor: distributedOnly,
});

/** S3's rules, and those of the services that are compatible with it. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const objectStorage = v.pipe(
  options({
    endpoint: v.pipe(
      httpUrl,
      v.rawCheck(({ dataset, addIssue }) => {
        if (!dataset.typed || !/^https?:/.test(dataset.value) || !URL.canParse(dataset.value)) return;
        const { pathname, search } = new URL(dataset.value);
        if (pathname !== '/' || search) {
          addIssue({ message: 'has a path: write the address of the service alone, and the bucket as bucket' });
        }
      }),
    ),
    region: v.pipe(v.string(), v.nonEmpty('is empty: services without regions take any, such as us-east-1')),
    bucket: v.pipe(v.string(), v.regex(BUCKET, 'is no name of a bucket: 3 to 63 of a-z, 0-9, - and .')),
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
      'begins with the name of the bucket, which Loki puts there itself: write the address of the service alone',
    ),
    ['endpoint'],
  ),
);

const replicas = options({
  distributor: v.optional(positiveInteger),
  ingester: v.optional(positiveInteger),
  'query-frontend': v.optional(positiveInteger),
  'query-scheduler': v.optional(positiveInteger),
  querier: v.optional(positiveInteger),
  'index-gateway': v.optional(positiveInteger),
  ruler: v.optional(positiveInteger),
  compactor: refused('can only be one: two would delete the same things; leave it out'),
} satisfies Record<ScalableTarget | 'compactor', v.GenericSchema>);

const distributed = v.pipe(
  options({
    mode: v.literal('distributed'),
    ...both,
    objectStorage: v.optional(objectStorage),
    replicas: v.optional(replicas),
    replicationFactor: v.optional(positiveInteger),
  }),
  v.forward(
    v.partialCheck(
      [['objectStorage']],
      ({ objectStorage }) => objectStorage !== undefined,
      'is missing, and no file system can be shared by several Lokis: give { endpoint, region, bucket, credentialsSecret }',
    ),
    ['objectStorage'],
  ),
  v.forward(
    v.partialCheck(
      [['replicas', 'ingester'], ['replicationFactor']],
      ({ replicas, replicationFactor = DEFAULT_REPLICATION_FACTOR }) =>
        replicationFactor <= (replicas?.ingester ?? LOKI_TARGETS.ingester.replicas),
      'is above the number of ingesters, so that no line could lie on that many: lower it, or raise replicas.ingester',
    ),
    ['replicationFactor'],
  ),
);

/** What may be asked of Loki; the mode decides which options there are. */
export const lokiOptions = v.lazy((input) => {
  const mode = typeof input === 'object' && input !== null && 'mode' in input ? input.mode : undefined;
  return mode === 'distributed' ? distributed : single;
});
