import { LokiClient, type OnProgress, quickLokiConfig, type RunningEngine, startLoki } from '../lib/engines';
import { isAlert } from '../lib/rules/model';
import { HIGH_LOG_RATE, highLogRate } from '../rules';
import { type AccessLogLoad, pushAccessLog } from './access-log';
import { type Figure, median, type Subject } from './figure';
import { reading } from './idle';

/** Minutes of logs to push: those that the expression and the lines of HighLogRate read. */
const PAST_MIN = 5;

/** Evaluations for the median; odd, so that the median is one of them. */
const REPEATS = 5;

/** Interval of the stack's ruler. */
const INTERVAL_S = 15;

/** Loads with one rate of lines per app: below a flood, a flood, and many alerts at once; the cores that lines may take. */
const LOADS: readonly (AccessLogLoad & { readonly alerts: number; readonly atMost: number })[] = [
  { linesPerSecond: 1000, streams: 50, alerts: 1, atMost: 0.02 },
  { linesPerSecond: 1000, streams: 1, alerts: 1, atMost: 0.02 },
  { linesPerSecond: 1000, streams: 200, alerts: 200, atMost: 0.5 },
];

export const linesCost: Subject = {
  name: 'lines-cost',
  description: 'CPU of the lines in an alert, beside that of its rule, at 1,000 lines/s; three minutes',
  measure,
};

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const load of LOADS) figures.push(...(await measureLoad(load, onProgress)));
  return figures;
}

async function measureLoad(load: (typeof LOADS)[number], onProgress: OnProgress): Promise<Figure[]> {
  const rule = highLogRate({ grafanaUrl: '' }).groups[0]?.rules[0];
  if (!rule || !isAlert(rule)) throw new Error(`no alert ${HIGH_LOG_RATE.name}`);
  const loki = await startLoki(({ dir }) => quickLokiConfig({ dir }));
  try {
    const client = new LokiClient(loki.url);
    const now = Math.floor(Date.now() / 1000) * 1000;
    await pushAccessLog(client, load, now - PAST_MIN * 60_000, now);
    const rate = `${load.linesPerSecond / load.streams} lines/s`;
    const evaluate = (expr: string) => client.query(expr, now / 1000);
    const expr = await cost(loki, () => evaluate(rule.expr));
    const lines = await cost(loki, async () => {
      for (let alert = 0; alert < load.alerts; alert++) {
        const labels = { namespace: `shop-${alert % 4}`, app: `web-${alert}` };
        await askForLines(rule.annotations?.samples ?? '', labels, evaluate);
      }
    });
    onProgress(`${load.streams} apps: ${expr.toFixed(3)} s, lines ${lines.toFixed(3)} s`);
    const what = load.alerts === 1 ? `an alert on ${rate}` : `${load.alerts} alerts on ${rate} each`;
    return [
      { what: `${rule.alert} with ${load.streams} apps, per evaluation`, value: expr, unit: 's CPU' },
      { what: `lines of ${what}, per evaluation`, value: lines, unit: 's CPU' },
      {
        what: `lines of ${what}, every ${INTERVAL_S} s`,
        value: lines / INTERVAL_S,
        unit: 'cores',
        aim: { atMost: load.atMost },
      },
    ];
  } finally {
    await loki.stop();
  }
}

/** Sends the queries that the ruler would send for an alert: the first one decides between the other two. */
async function askForLines(
  template: string,
  labels: Readonly<Record<string, string>>,
  evaluate: (expr: string) => Promise<{ readonly result: readonly unknown[] }>,
): Promise<void> {
  const [count = '', flood = '', all = ''] = [...template.matchAll(/query \(printf `([^`]*)` ([^)]*)\)/g)].map(
    ([, format = '', verbs = '']) => {
      const names = verbs.split(' ').map((verb) => verb.replace('$labels.', ''));
      return format.replaceAll('%q', () => JSON.stringify(labels[names.shift() ?? ''])).replaceAll('%%', '%');
    },
  );
  const { result } = await evaluate(count);
  const lines = await evaluate(result.length > 0 ? flood : all);
  if (lines.result.length === 0) throw new Error(`no lines for ${JSON.stringify(labels)}`);
}

/** Returns the median CPU time in seconds. */
async function cost(loki: RunningEngine, use: () => Promise<unknown>): Promise<number> {
  const seconds: number[] = [];
  while (seconds.length < REPEATS) {
    const before = cpuSeconds(loki);
    await use();
    seconds.push(cpuSeconds(loki) - before);
  }
  return median(seconds);
}

function cpuSeconds(loki: RunningEngine): number {
  const read = reading(loki);
  if (typeof read === 'string') throw new Error(read);
  return read.cpuS;
}
