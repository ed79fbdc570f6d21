import { formatMessage } from '../../lib/checks/findings';
import { checkLogAlertingOptions } from '../../lib/stack/validate-props';
import { PRODUCTION, PROPS } from '../manifests/synth';

/** Returns the findings on the options of the demo with some of them replaced. */
const found = (instead: object) => checkLogAlertingOptions({ ...PROPS, ...instead }).map(formatMessage);

const BUCKET = {
  endpoint: 'https://s3.eu-central-1.amazonaws.com',
  region: 'eu-central-1',
  bucket: 'logs',
  credentialsSecret: 'bucket',
};

describe('a distributed Loki', () => {
  const distributed = (instead: object = {}, bucket: object = {}) =>
    found({ ...PRODUCTION, profile: 'distributed', loki: { objectStorage: { ...BUCKET, ...bucket }, ...instead } });

  test('is valid with a bucket', () => {
    expect(distributed()).toEqual([]);
    expect(distributed({ replicas: { ingester: 5, ruler: 3 }, replicationFactor: 5 })).toEqual([]);
    expect(
      distributed({
        zones: ['a', 'b', 'c'],
        replicas: { ingester: 6 },
        autoscaling: { querier: { minReplicas: 2, maxReplicas: 9, targetCpu: 80 } },
        caches: { chunks: { memory: '1Gi' }, results: { memory: '256Mi' } },
      }),
    ).toEqual([]);
    expect(distributed({}, { credentialsSecret: undefined, serviceAccountAnnotations: { a: 'b' } })).toEqual([]);
  });

  test('is rejected without options', () => {
    expect(found({ ...PRODUCTION, profile: 'distributed', loki: undefined })).toEqual([
      expect.stringMatching(/^option 'loki.objectStorage': is required/),
    ]);
  });

  test.each<[string, object, object, RegExp]>([
    [
      'no object storage',
      { objectStorage: undefined },
      {},
      /^option 'loki.objectStorage': is required: .* cannot share a file system: set \{ endpoint/,
    ],
    [
      'a file system instead of object storage',
      { objectStorage: 'filesystem' },
      {},
      /option 'loki\.objectStorage': expected options, got "filesystem"/,
    ],
    [
      'a folder instead of an endpoint',
      {},
      { endpoint: 'file:///data' },
      /option 'loki\.objectStorage\.endpoint': "file:\/\/\/data" is not a valid URL: use http:\/\/ or https:\/\/ and a host/,
    ],
    ['no bucket', {}, { bucket: undefined }, /^option 'loki.objectStorage.bucket'/],
    [
      'a bucket in the path',
      {},
      { endpoint: 'https://s3.example.com/logs' },
      /endpoint': has a path: .* name of the bucket$/,
    ],
    [
      'a bucket in the host',
      {},
      { endpoint: 'https://logs.s3.example.com' },
      /endpoint': starts with .* of the service only$/,
    ],
    [
      'an invalid name of the bucket',
      {},
      { bucket: 'My_Logs' },
      /option 'loki\.objectStorage\.bucket': "My_Logs" is not a valid bucket name: use 3 to 63 of a-z, 0-9, - and \./,
    ],
    [
      'a key',
      {},
      { secretAccessKey: 'hunter2' },
      /option 'loki\.objectStorage\.secretAccessKey': is a credential, which would be committed in dist: put it in a Secret with the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and set credentialsSecret/,
    ],
    [
      'a key in the URL',
      {},
      { endpoint: 'https://a:hunter2@s3.example.com' },
      /option 'loki\.objectStorage\.endpoint': contains a user name or password, and dist is committed: remove them/,
    ],
    [
      'no credentials',
      {},
      { credentialsSecret: undefined },
      /'loki.objectStorage': requires exactly one of credentialsSecret/,
    ],
    [
      'too few ingesters',
      { replicas: { ingester: 2 } },
      {},
      /'loki.replicationFactor': is 3 by default, more than the 2 ingesters/,
    ],
    [
      'a replication factor above the number of ingesters',
      { replicationFactor: 5 },
      {},
      /lower it, or raise replicas.ingester$/,
    ],
    ['two compactors', { replicas: { compactor: 2 } }, {}, /replicas.compactor': is always 1/],
    [
      'an unknown option',
      { replicas: { ingestor: 3 } },
      {},
      /option 'loki\.replicas\.ingestor': is not an option: use one of distributor, ingester, query-frontend, query-scheduler, querier, index-gateway, ruler; did you mean 'ingester'\?/,
    ],
    ['an even replication factor', { replicationFactor: 2 }, {}, /replicationFactor': 2 is even, .*: use 1, 3 or 5$/],
    [
      'autoscaling and a fixed number of replicas',
      { replicas: { querier: 2 }, autoscaling: { querier: { minReplicas: 2, maxReplicas: 9 } } },
      {},
      /autoscaling.querier': conflicts with replicas, .* remove one of the two$/,
    ],
    [
      'autoscaling of ingesters',
      { autoscaling: { ingester: { minReplicas: 3, maxReplicas: 9 } } },
      {},
      /autoscaling.ingester': cannot be autoscaled: .*: use replicas instead$/,
    ],
    [
      'autoscaling between equal numbers',
      { autoscaling: { querier: { minReplicas: 2, maxReplicas: 2 } } },
      {},
      /autoscaling.querier.maxReplicas': is not greater than minReplicas/,
    ],
    [
      'the resources of its targets',
      { resources: { ingester: { memory: '4Gi' } } },
      {},
      /loki.resources': was replaced by the option 'pods': use e\.g\. pods: \{ 'loki-ingester'/,
    ],
    [
      'fewer zones than replicas of a line',
      { zones: ['a', 'b'], replicas: { ingester: 4 } },
      {},
      /zones': are fewer than the copies of a line, .*; replicationFactor is 3 by default: add zones/,
    ],
    ['a zone twice', { zones: ['a', 'b', 'a'] }, {}, /zones': has a duplicate zone: remove one$/],
    ['no zones', { zones: [] }, {}, /zones': are fewer than/],
    [
      'a number of ingesters that is not a multiple of the zones',
      { zones: ['a', 'b', 'c'], replicas: { ingester: 4 } },
      {},
      /zones': do not divide the 4 ingesters/,
    ],
    [
      'a zone that is too long for a label of its pods',
      { zones: ['a', 'b', 'c'.repeat(39)] },
      {},
      /option 'loki\.zones\.2': "ccccccccccccccccccccccccccccccccccccccc" is not a valid zone name: use up to 38 of a-z, 0-9 and -/,
    ],
    [
      'an invalid name of a zone',
      { zones: ['a', 'b', 'C 1'] },
      {},
      /option 'loki\.zones\.2': "C 1" is not a valid zone name: use up to 38 of a-z, 0-9 and -/,
    ],
    [
      'a cache that is too small',
      { caches: { chunks: { memory: '1Mi' } } },
      {},
      /caches.chunks.memory': "1Mi" is too small/,
    ],
    [
      'a cache with an invalid size',
      { caches: { results: { memory: '1GB' } } },
      {},
      /option 'loki\.caches\.results\.memory': "1GB" is not a valid Kubernetes quantity: use 1Gi/,
    ],
  ])('is rejected with %s', (_, instead, bucket, message) => {
    const messages = distributed(instead, bucket);

    expect(messages).toEqual([expect.stringMatching(message)]);
    expect(messages.join()).not.toContain('hunter2');
  });

  test.each([
    [
      'objectStorage',
      { objectStorage: BUCKET },
      /option 'loki\.objectStorage': is only supported by the deployment profile 'distributed': set that profile, or remove the option/,
    ],
    [
      'zones',
      { zones: ['a', 'b', 'c'] },
      /option 'loki\.zones': is only supported by the deployment profile 'distributed': set that profile, or remove the option/,
    ],
    [
      'replicationFactor',
      { replicationFactor: 3 },
      /option 'loki\.replicationFactor': is only supported by the deployment profile 'distributed': set that profile, or remove the option/,
    ],
  ])('a single Loki is rejected with %s', (_, loki, message) => {
    expect(found({ loki })).toEqual([expect.stringMatching(message)]);
    expect(found({ ...PRODUCTION, loki })).toEqual([expect.stringMatching(message)]);
  });
});
