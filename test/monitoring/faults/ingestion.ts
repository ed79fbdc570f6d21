import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient } from '../../../lib/engines';
import { type Collector, FAULTY, Stage } from './stage';

// Faults in ingestion. They must not affect other streams of the node.

/** Returns distinct lines of 100 bytes. */
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `${i} `.padEnd(100, 'x'));

export async function tooManyStreams(collector: Collector): Promise<Stage> {
  // A memory limit of which the streams take half.
  const stage = await Stage.start({ collector, env: { GOMEMLIMIT: '75MiB' } });
  const client = new LokiClient(stage.loki.url);
  for (let pushed = 0; pushed < 6000; pushed += 500) {
    const streams = Array.from({ length: 500 }, (_, i) => ({
      labels: { namespace: 'many', app: 'many', pod: `many-${pushed + i}` },
      entries: [[BigInt(Date.now()) * 1_000_000n, 'a line'] as const],
    }));
    await client.push(streams);
  }
  await stage.untilArrived('many', 6000);
  return stage;
}

/** A limit of streams, which no option sets: a manual change of the ConfigMap. */
export async function streamLimit(collector: Collector): Promise<Stage> {
  const limit = 10;
  const stage = await Stage.start({
    collector,
    loki: ({ limits_config }) => {
      limits_config.max_global_streams_per_user = limit;
    },
  });
  await stage.untilArrived('quiet', 5);
  const client = new LokiClient(stage.loki.url);
  for (let i = 0; i < limit; i++) {
    const entries = [[BigInt(Date.now()) * 1_000_000n, 'a line'] as const];
    // Loki rejects streams above the limit.
    await client.push([{ labels: { app: 'other', pod: `other-${i}` }, entries }]).catch(() => {});
  }
  // Loki only returns 429 if the excess stream is the last one of its batch, and their order is random.
  for (let i = 0; i < 20; i++) {
    stage.log(FAULTY, [`line ${i}`]);
    await sleep(500);
  }
  stage.recover = async () => {
    const config = readFileSync(stage.loki.path('/etc/loki/config.yaml'), 'utf8');
    stage.loki.update('/etc/loki', {
      'config.yaml': config.replace(/max_global_streams_per_user: \d+/, 'max_global_streams_per_user: 0'),
    });
    await stage.loki.restart();
  };
  return stage;
}

export async function rateExceeded(collector: Collector): Promise<Stage> {
  const stage = await Stage.start({
    collector,
    loki: ({ limits_config }) => {
      limits_config.ingestion_rate_mb = 0.2;
      // The smallest value that synth accepts.
      limits_config.ingestion_burst_size_mb = 4;
    },
  });
  const lines = 60_000;
  stage.log(FAULTY, numbered(lines));
  await stage.untilLokiFires('LogsRefused');
  // All lines arrive, but late.
  await stage.untilArrived('faulty', lines);
  return stage;
}

export async function lineTooLong(collector: Collector): Promise<Stage> {
  const stage = await Stage.start({ collector });
  stage.log(FAULTY, ['before', 'x'.repeat(300 * 1024), 'after']);
  await stage.untilArrived('faulty', 2);
  return stage;
}

export async function lineTooOld(collector: Collector): Promise<Stage> {
  const stage = await Stage.start({ collector });
  // Loki accepts lines of the last week.
  stage.log(FAULTY, ['an old line'], new Date(Date.now() - 8 * 24 * 3600_000));
  stage.log(FAULTY, ['a new line']);
  await stage.untilArrived('faulty', 1);
  return stage;
}
