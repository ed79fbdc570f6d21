import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient, quickLokiConfig, type RunningEngine, startLoki } from '../../lib/engines';
import { startStackLoki } from '../collector/stage';

/** Twice the rate at which Loki would shard a stream by default. */
const BYTES_PER_SECOND = 3e6;
const LINE = 'x'.repeat(2_000);
const LINES_PER_SECOND = BYTES_PER_SECOND / LINE.length;

/** Loki measures rates once a second, and needs several measurements. */
const SECONDS = 6;

let loki: RunningEngine | undefined;

afterEach(() => loki?.stop());

test.each([
  ['Loki of the stack', () => startStackLoki()],
  ['Loki of the rule tests', () => startLoki(quickLokiConfig)],
])('the %s does not shard a flooded stream, so that a rule counts all of it', async (_, start) => {
  loki = await start();
  const client = new LokiClient(loki.url);
  for (let second = 0; second < SECONDS; second++) {
    await client.push([{ labels: { app: 'flooded' }, entries: lines(second) }]);
    await sleep(1_000);
  }

  const found = await client.query('count_over_time({app="flooded"}[5m])');

  expect(found.resultType === 'vector' && found.result.map(({ metric, value: [, count] }) => [metric, count])).toEqual([
    [expect.not.objectContaining({ __stream_shard__: expect.anything() }), `${SECONDS * LINES_PER_SECOND}`],
  ]);
});

function lines(second: number) {
  const now = BigInt(Date.now()) * 1_000_000n;
  return Array.from({ length: LINES_PER_SECOND }, (_, i) => [now + BigInt(i), `${second} ${i} ${LINE}`] as const);
}
