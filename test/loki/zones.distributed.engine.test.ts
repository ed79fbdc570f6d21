import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient } from '../../lib/engines';
import { DistributedLoki } from '../../lib/loki/distributed';
import { emptyChart, manifests as manifestsOf } from '../kubernetes/chart';
import { type DistributedStage, startDistributed } from './distributed-stage';
import { type Push, startPush } from './push';

const ZONES = ['a', 'b', 'c'];
const LINES_PER_SECOND = 1000;

let stage: DistributedStage;
let push: Push;

beforeAll(async () => {
  const chart = emptyChart();
  new DistributedLoki(chart, {
    rules: [],
    alertmanagerUrl: 'http://alertmanager:9093',
    grafanaUrl: 'http://localhost:3000',
    datasourceUid: 'loki',
    objectStorage: { endpoint: 'http://minio:9000', region: 'us-east-1', bucket: 'logs', credentialsSecret: 'bucket' },
    zones: ZONES,
    replicas: { ingester: 6 },
  });
  const ingesters = Array.from({ length: 6 }, () => 'ingester' as const);
  stage = await startDistributed(manifestsOf(chart), {
    members: [
      ...ingesters,
      'distributor',
      'query-scheduler',
      'query-frontend',
      'querier',
      'index-gateway',
      'compactor',
    ],
    zones: ZONES,
  });
}, 180_000);

afterAll(async () => {
  push?.stop();
  await stage?.stop();
});

test('rejects no push and loses no line if all ingesters of a zone are killed in a flood', async () => {
  const [distributor] = stage.of('distributor');
  const [frontend] = stage.of('query-frontend');
  push = startPush(distributor?.engine.url ?? '', LINES_PER_SECOND);
  while (push.acknowledged < 10 * LINES_PER_SECOND) await sleep(100);

  // Ingesters are in zones in turn, so that these two are in the first.
  const ingesters = stage.of('ingester');
  await Promise.all([ingesters[0], ingesters[3]].map((one) => one?.kill()));
  const before = push.acknowledged;
  while (push.acknowledged < before + 20 * LINES_PER_SECOND && push.failures.length === 0) await sleep(100);
  await push.finish();

  // Without zones, the two would have two copies of some streams.
  expect(push.failures).toEqual([]);
  const client = new LokiClient(frontend?.engine.url ?? '');
  const { result } = await client.query('sum(count_over_time({namespace="demo"}[10m]))');
  expect(result).toEqual([expect.objectContaining({ value: [expect.anything(), `${push.acknowledged}`] })]);
}, 300_000);
