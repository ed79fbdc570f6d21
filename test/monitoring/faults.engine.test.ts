import { lineTooLong, lineTooOld, rateExceeded, tooManyStreams } from './faults/ingestion';

test.each([['a', tooManyStreams, ['LokiTooManyStreams'], []],
['b', rateExceeded, ['LokiRefusesLogs'], ['LogsRefused']],
['c', lineTooLong, ['LokiRefusesLogs', 'CollectorDropsLogs'], ['LogsRefused', 'LogsDropped']],
['d', lineTooOld, ['LokiRefusesLogs', 'CollectorDropsLogs'], ['LogsRefused', 'LogsDropped']]
].flatMap((a) => (['promtail', 'opentelemetry'] as const).map((c) => [...a, c] as any)))('%s %s', async (_: any, f: any, p: any, l: any, c: any) => {
  const t=Date.now();
  const stage = await f(c);
  try {
    await stage.untilOthersArrive();
    console.log(c, f.name, 'others', Date.now()-t);
    for (const a of l) { await stage.untilLokiFires(a); console.log(c, a, Date.now()-t);}
    for (const a of p) { await stage.lapse.untilFiring(a); console.log(c, a, Date.now()-t);}
  } finally { await stage.stop(); }
});
