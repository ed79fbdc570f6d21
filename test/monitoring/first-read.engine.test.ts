import { setTimeout as sleep } from 'node:timers/promises';
import { LOKI_FASTER } from './faults/faster-rules';
import { type Collector, FAULTY, Stage } from './faults/stage';

// Tests alerts on refused lines in a new installation, on a node with lines that follow newer ones of the same stream.

const COLLECTORS: readonly Collector[] = ['promtail', 'opentelemetry'];

/** Ten minutes for the rules: the first read of a new installation. */
const FIRST_READ_MS = 600_000 / LOKI_FASTER;

/** Loki accepts lines that are an hour older than the newest of their stream. */
const TOO_FAR_BEHIND_MS = 2 * 3600_000;

/** More than `PipelineErrors` allows, in separate batches. */
const REFUSED = 40;

async function logOldLines(stage: Stage, lines: number): Promise<void> {
  for (let n = 0; n < lines; n++) {
    stage.log(FAULTY, [`an old line ${n}`], new Date(Date.now() - TOO_FAR_BEHIND_MS));
    await sleep(1200);
  }
}

async function firstRead(collector: Collector): Promise<string[]> {
  const started = Date.now();
  const stage = await Stage.start({ collector, newlyInstalled: true });
  try {
    stage.log(FAULTY, ['a new line']);
    await stage.untilArrived('faulty', 1);
    await logOldLines(stage, REFUSED);
    const fired = new Set<string>();
    while (Date.now() < started + FIRST_READ_MS) {
      for (const { name, state } of await stage.lokiRules()) if (state === 'firing') fired.add(name);
      await sleep(500);
    }
    const refused = await stage.count('{app="loki"} |= "write operation failed" |= "too far behind"');
    expect(refused).toBeGreaterThan(10);
    // Refusals after the first read are reported.
    await logOldLines(stage, 5);
    await stage.untilLokiFires('LogsRefused');
    await stage.untilLokiFires('LogsDropped');
    return [...fired];
  } finally {
    await stage.stop();
  }
}

test('no alert fires on lines that Loki refuses in the first read, and LogsRefused and LogsDropped do after it', async () => {
  expect(await Promise.all(COLLECTORS.map(firstRead))).toEqual([[], []]);
});
