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
