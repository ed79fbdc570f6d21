import { lineTooLong, lineTooOld, rateExceeded, streamLimit, tooManyStreams } from './faults/ingestion';
import {
  cannotNotify,
  collectorDown,
  evaluationsFail,
  lokiDown,
  lokiUnreachable,
  queueFull,
  ruleFileBroken,
  rulesNotLoaded,
  storageDown,
  volumeFull,
} from './faults/parts';
import type { Collector, Stage } from './faults/stage';
import { faultTable, type Row } from './faults/table';

// Tests each row of the table in docs/monitoring.md. The fault is real, with Loki in its pod and the configurations of
// the manifests. Every alert of the row must fire: Loki's in the real ruler, those of Prometheus in its rule engine,
// with the metrics of the real programs.

/** For faults that affect the delivery of lines. */
const BOTH: readonly Collector[] = ['promtail', 'opentelemetry'];

type Fault = (collector: Collector) => Promise<Partial<Stage> & Pick<Stage, 'lapse' | 'stop'>>;

/** Faults by the first cell of their row. */
const FAULTS: Readonly<Record<string, readonly [Fault, readonly Collector[]]>> = {
  'more streams than memory is meant for': [tooManyStreams, BOTH],
  'a limit of streams, set by hand': [streamLimit, BOTH],
  'ingestion rate exceeded': [rateExceeded, BOTH],
  'a line is too long': [lineTooLong, BOTH],
  'a line is too old': [lineTooOld, BOTH],
  "Loki's volume is full": [volumeFull, BOTH],
  'the collector cannot reach Loki': [lokiUnreachable, BOTH],
  "the collector's queue is full": [queueFull, ['opentelemetry']],
  'the collector of a node is gone': [collectorDown, BOTH],
  'Loki is gone': [lokiDown, ['opentelemetry']],
  'a rule file is broken': [ruleFileBroken, ['promtail']],
  'Loki starts without its rules': [rulesNotLoaded, ['promtail']],
  'evaluations fail': [evaluationsFail, ['promtail']],
  'object storage is away': [storageDown, ['opentelemetry']],
  'Alertmanager cannot notify': [cannotNotify, ['promtail']],
};

const TABLE = faultTable();

test('each row has a fault, and each fault has a row', () => {
  expect(TABLE.map(({ fault }) => fault).sort()).toEqual(Object.keys(FAULTS).sort());
});

async function runFault({ loki, prometheus }: Row, start: Fault, collector: Collector): Promise<void> {
  const stage = await start(collector);
  try {
    // Lines of other pods arrive during the fault, unless it stops all lines.
    if (!stage.recover) await stage.untilOthersArrive?.();
    for (const alert of loki) await stage.untilLokiFires?.(alert);
    for (const alert of prometheus) await stage.lapse.untilFiring(alert);
    await stage.recover?.();
    await stage.untilOthersArrive?.();
  } finally {
    await stage.stop();
  }
}

/** Concurrent faults: each spends most of its time waiting. */
const CONCURRENCY = 6;

const cases = TABLE.flatMap((row) => {
  const [start, collectors] = FAULTS[row.fault] ?? [];
  return start ? (collectors ?? []).map((collector) => ({ row, start, collector, fault: row.fault })) : [];
});

/** Errors of the cases, in order. */
let results: Promise<unknown>[] = [];

beforeAll(() => {
  const running: Promise<unknown>[] = Array(CONCURRENCY).fill(Promise.resolve());
  results = cases.map(({ row, start, collector }, i) => {
    const result = (running[i % CONCURRENCY] ?? Promise.resolve()).then(() =>
      runFault(row, start, collector).catch((error: unknown) => error),
    );
    running[i % CONCURRENCY] = result;
    return result;
  });
});

afterAll(() => Promise.all(results));

test.each(cases.map(({ fault, collector }, i) => [fault, collector, i] as const))('%s, with %s', async (_, __, i) => {
  const error = await results[i];
  if (error) throw error;
});
