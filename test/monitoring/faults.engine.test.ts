import { lineTooLong, lineTooOld, rateExceeded, streamLimit, tooManyStreams } from './faults/ingestion';
import {
  cannotNotify,
  collectorGone,
  cutOff,
  evaluationsFail,
  lokiGone,
  queueFull,
  ruleFileBroken,
  rulesNotLoaded,
  storageAway,
  volumeFull,
} from './faults/parts';
import type { Collector, Stage } from './faults/stage';
import { faultTable, type Row } from './faults/table';

// The table of docs/monitoring.md, row by row: each fault is made for real, with Loki in its pod and the configurations of
// the manifests, and each alert that the row names must fire: Loki's on its real ruler, those of Prometheus in its rule
// engine on what the programs serve.

/** Which collectors meet a fault: both, where it is of lines on their way. */
const BOTH: readonly Collector[] = ['promtail', 'opentelemetry'];

type Fault = (collector: Collector) => Promise<Partial<Stage> & Pick<Stage, 'lapse' | 'stop'>>;

/** By the first cell of the row. */
const FAULTS: Readonly<Record<string, readonly [Fault, readonly Collector[]]>> = {
  'more streams than memory is meant for': [tooManyStreams, BOTH],
  'a limit of streams, set by hand': [streamLimit, BOTH],
  'ingestion rate exceeded': [rateExceeded, BOTH],
  'a line is too long': [lineTooLong, BOTH],
  'a line is too old': [lineTooOld, BOTH],
  "Loki's volume is full": [volumeFull, BOTH],
  'the collector cannot reach Loki': [cutOff, BOTH],
  "the collector's queue is full": [queueFull, ['opentelemetry']],
  'the collector of a node is gone': [collectorGone, BOTH],
  'Loki is gone': [lokiGone, ['opentelemetry']],
  'a rule file is broken': [ruleFileBroken, ['promtail']],
  'Loki starts without its rules': [rulesNotLoaded, ['promtail']],
  'evaluations fail': [evaluationsFail, ['promtail']],
  'object storage is away': [storageAway, ['opentelemetry']],
  'Alertmanager cannot notify': [cannotNotify, ['promtail']],
};

const TABLE = faultTable();

test('each row has its fault, and each fault its row', () => {
  expect(TABLE.map(({ fault }) => fault).sort()).toEqual(Object.keys(FAULTS).sort());
});

async function walk({ loki, prometheus }: Row, make: Fault, collector: Collector): Promise<void> {
  const stage = await make(collector);
  try {
    // Where lines can arrive during the fault, those of others do.
    if (!stage.mend) await stage.untilOthersArrive?.();
    for (const alert of loki) await stage.untilLokiFires?.(alert);
    for (const alert of prometheus) await stage.lapse.untilFiring(alert);
    await stage.mend?.();
    await stage.untilOthersArrive?.();
  } finally {
    await stage.stop();
  }
}

/** How many faults are made at a time: each waits far more than it works. */
const AT_A_TIME = 6;

const cases = TABLE.flatMap((row) => {
  const [make, collectors] = FAULTS[row.fault] ?? [];
  return make ? (collectors ?? []).map((collector) => ({ row, make, collector, fault: row.fault })) : [];
});

/** What went wrong in each case, in their order. */
let results: Promise<unknown>[] = [];

beforeAll(() => {
  const running: Promise<unknown>[] = Array(AT_A_TIME).fill(Promise.resolve());
  results = cases.map(({ row, make, collector }, i) => {
    const result = (running[i % AT_A_TIME] ?? Promise.resolve()).then(() =>
      walk(row, make, collector).catch((error: unknown) => error),
    );
    running[i % AT_A_TIME] = result;
    return result;
  });
});

afterAll(() => Promise.all(results));

test.each(cases.map(({ fault, collector }, i) => [fault, collector, i] as const))('%s, with %s', async (_, __, i) => {
  const error = await results[i];
  if (error) throw error;
});
