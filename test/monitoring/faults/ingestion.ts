import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { LokiClient } from '../../../lib/engines';
import { type Collector, FAULTY, Stage } from './stage';

// Faults of what arrives. Each must let the other streams of its node go on.

/** Lines of 100 bytes, all different. */
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `${i} `.padEnd(100, 'x'));

export async function tooManyStreams(collector: Collector): Promise<Stage> {
  // A limit of memory low enough that streams take half of it.
  const stage = await Stage.start({ collector, env: { GOMEMLIMIT: '75MiB' } });
  const client = new LokiClient(stage.loki.url);
  for (let made = 0; made < 6000; made += 500) {
    const streams = Array.from({ length: 500 }, (_, i) => ({
      labels: { namespace: 'many', app: 'many', pod: `many-${made + i}` },
      entries: [[BigInt(Date.now()) * 1_000_000n, 'a line'] as const],
    }));
    await client.push(streams);
  }
  await stage.untilArrived('many', 6000);
  return stage;
}

/** A limit of streams, which can't be set by an option: somebody wrote it into the ConfigMap. */
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
    // What is more than the limit is refused.
    await client.push([{ labels: { app: 'other', pod: `other-${i}` }, entries }]).catch(() => {});
  }
  // Loki answers 429 only if the stream that is too many comes last in its batch, and their order is random.
  for (let i = 0; i < 20; i++) {
    stage.log(FAULTY, [`line ${i}`]);
    await sleep(500);
  }
  stage.mend = async () => {
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
      // The least that is not refused at synth.
      limits_config.ingestion_burst_size_mb = 4;
    },
  });
  const lines = 60_000;
  stage.log(FAULTY, numbered(lines));
  await stage.untilLokiFires('LogsRefused');
  // All of it arrives, only later.
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
  // Loki takes a week.
  stage.log(FAULTY, ['an old line'], new Date(Date.now() - 8 * 24 * 3600_000));
  stage.log(FAULTY, ['a new line']);
  await stage.untilArrived('faulty', 1);
  return stage;
}
