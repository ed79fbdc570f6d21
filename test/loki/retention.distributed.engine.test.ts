import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { globSync } from 'tinyglobby';
import { LokiClient } from '../../lib/engines';
import { readDist } from '../../lib/kubernetes-objects/dist';
import { podTest } from '../support/pod/pods-run';
import { type DistributedStage, FAST_FLUSHES, startDistributed } from './distributed-stage';
import { metric } from './metrics';

const manifests = readDist(join(__dirname, '../../examples/production/dist'));

/** Time before any retention of the manifests. */
const OLD = Date.now() / 1000 - 100 * 24 * 3600;
const LINES = 1000;
const RETENTION = 'loki_compactor_apply_retention_operation_total';

let stage: DistributedStage | undefined;
afterEach(() => stage?.stop());

podTest('deletes logs after the retention from object storage', async () => {
  stage = await startDistributed(manifests, {
    ingester: FAST_FLUSHES,
    tweak: (config) => {
      config.limits_config.reject_old_samples = false;
      Object.assign(config.compactor, { compaction_interval: '2s', retention_delete_delay: '1s' });
      config.storage_config.tsdb_shipper.resync_interval = '1s';
    },
  });
  const { minio } = stage;
  const [distributor] = stage.of('distributor');
  const [frontend] = stage.of('query-frontend');
  const [compactor] = stage.of('compactor');
  if (!distributor || !frontend || !compactor) throw new Error('the stage lacks a target');
  const first = BigInt(Math.floor(OLD)) * 1_000_000_000n;
  const entries = Array.from({ length: LINES }, (_, n) => [first + BigInt(n), `line ${n}`] as const);
  await new LokiClient(distributor.engine.url).push([{ labels: { app: 'old' }, entries }]);
  const client = new LokiClient(frontend.engine.url);
  const count = async () => {
    const found = await client.queryRange('{app="old"}', { start: OLD - 60, end: OLD + 60, limit: 5000 });
    return found.resultType === 'streams' ? found.result.reduce((sum, { values }) => sum + values.length, 0) : -1;
  };
  // Skips MinIO's own folders, and those that are deleted meanwhile.
  const chunks = () => globSync('*/fake/*/*', { cwd: join(minio.engine.dir, 'data'), onlyFiles: false });
  await until(async () => chunks().length > 0);
  // A restarted ingester uploads the index of past days.
  for (const ingester of stage.of('ingester')) await ingester.restart();
  await until(async () => (await metric(compactor.engine, RETENTION, 'success')) >= 2);
  await until(async () => chunks().length === 0);
  await until(async () => (await count()) === 0);

  expect(await metric(compactor.engine, RETENTION, 'failure')).toBe(0);
  expect(compactor.engine.logs()).not.toMatch(/failed to apply retention/);
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 150_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within two and a half minutes: ${condition}`);
    await sleep(500);
  }
}
