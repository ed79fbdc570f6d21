import { LokiClient } from '../../lib/engines';
import { synthObjects } from '../manifests/synth';
import type { RunningPod } from '../support/pod/pod';
import { startLokiPod } from '../support/pod/programs';

// Queries of an ordinary dashboard, with Loki in its pod.

let loki: RunningPod;

beforeAll(async () => {
  loki = await startLokiPod(synthObjects());
});

afterAll(() => loki?.stop());

const now = () => BigInt(Date.now()) * 1_000_000n;

test('returns 1,000 lines of 8 kB, as many as Grafana requests', async () => {
  const client = new LokiClient(loki.url);
  const start = now();
  for (let pushed = 0; pushed < 1000; pushed += 100) {
    const entries = Array.from(
      { length: 100 },
      (_, i) => [start + BigInt(pushed + i), `${pushed + i} `.padEnd(8000, 'x')] as const,
    );
    await client.push([{ labels: { app: 'long' }, entries }]);
  }
  const seconds = Date.now() / 1000;
  const answer = await client.queryRange('{app="long"}', { start: seconds - 600, end: seconds + 60, limit: 1000 });

  expect(answer.resultType === 'streams' && answer.result.flatMap(({ values }) => values)).toHaveLength(1000);
});

test('returns one series per app of a cluster with 1,000 apps', async () => {
  const client = new LokiClient(loki.url);
  const entries = [[now(), 'a line'] as const];
  await client.push(
    Array.from({ length: 1000 }, (_, i) => ({ labels: { cluster: 'large', app: `app-${i}` }, entries })),
  );
  const answer = await client.query('sum by (app) (count_over_time({cluster="large"}[5m]))', Date.now() / 1000 + 1);

  expect(answer.result).toHaveLength(1000);
});
