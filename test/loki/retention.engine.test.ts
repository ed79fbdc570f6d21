import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient } from '../../lib/engines';
import { synthObjects } from '../manifests/synth';
import type { RunningPod } from '../support/pod/pod';
import { podTest } from '../support/pod/pods-run';
import { startLokiPod } from '../support/pod/programs';
import { metric } from './metrics';

const DAY_S = 24 * 3600;

/** Lines of ten days ago, before the retention of a week. */
const OLD = { start: Date.now() / 1000 - 10 * DAY_S - 600, end: Date.now() / 1000 - 10 * DAY_S };
const LINES = 1000;

/** Shortens intervals from minutes and hours to seconds, and accepts lines of ten days ago. */
function hasten(config: { limits_config: object; compactor: object; storage_config?: object }): void {
  // Interval at which a querier reloads the index.
  config.storage_config = { tsdb_shipper: { resync_interval: '1s' } };
  Object.assign(config.limits_config, { reject_old_samples: false });
  Object.assign(config.compactor, { compaction_interval: '2s', retention_delete_delay: '1s' });
}

let loki: RunningPod | undefined;
afterEach(() => loki?.stop());

podTest('deletes logs after the retention, under the constraints of the pod', async () => {
  loki = await startLokiPod(synthObjects(), { tweak: hasten });
  const client = new LokiClient(loki.url);
  const step = BigInt(Math.floor(((OLD.end - OLD.start) * 1e9) / LINES));
  const first = BigInt(Math.floor(OLD.start)) * 1_000_000_000n;
  const entries = Array.from({ length: LINES }, (_, n) => [first + BigInt(n) * step, `line ${n}`] as const);
  await client.push([{ labels: { app: 'old' }, entries }]);
  await client.push([{ labels: { app: 'new' }, entries: [[BigInt(Date.now()) * 1_000_000n, 'a line of today']] }]);
  // Flushes chunks, and the index with a restart.
  await fetch(`${loki.url}/ingester/shutdown?flush=true&delete_ring_tokens=false&terminate=false`, { method: 'POST' });
  expect(await count(client)).toBe(LINES);
  expect(chunkFiles(loki)).toBeGreaterThan(1);
  await loki.restart();

  const retention = 'loki_compactor_apply_retention_operation_total';
  await until(async () => (await metric(loki, retention, 'success')) >= 2);
  // First the chunks, then the index: a restarted process has no index in memory.
  await until(async () => chunkFiles(loki) === 1);
  expect(await metric(loki, retention, 'failure')).toBe(0);
  expect(loki.logs()).not.toMatch(/level=error/);
  await loki.restart();
  await until(async () => (await count(client)) === 0);

  const now = Date.now() / 1000;
  const today = await client.queryRange('{app="new"}', { start: now - 600, end: now + 60 });
  expect(today.result).toHaveLength(1);
});

async function count(client: LokiClient): Promise<number> {
  const found = await client.queryRange('{app="old"}', { start: OLD.start - 60, end: OLD.end + 60, limit: 5000 });
  return found.resultType === 'streams' ? found.result.reduce((sum, { values }) => sum + values.length, 0) : Number.NaN;
}

function chunkFiles(pod: RunningPod | undefined): number {
  const folder = join(pod?.path('/loki') ?? '', 'chunks', 'fake');
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within two minutes: ${condition}\n${loki?.logs().slice(-3000)}`);
    await sleep(500);
  }
}
