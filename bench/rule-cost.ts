import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { localLokiConfig, localLokiFiles } from '../lib/demo-run/local-configs';
import { LokiClient, type RunningEngine, startLoki } from '../lib/engines';
import { configData, type Manifest } from '../lib/kubernetes-objects/dist';
import type { LineCost } from '../lib/loki/rule-cost';
import { isAlert } from '../lib/rules/model';
import { readRules } from '../lib/rules/read';
import { durationMs } from '../lib/text/duration';
import { type AccessLogLoad, pushAccessLog } from './access-log';
import { type Figure, median, type OnProgress, type Subject } from './figure';
import { reading } from './idle';
import { committedManifests } from './stage';

const LOAD: AccessLogLoad = { linesPerSecond: 1000, streams: 20 };

/** As far back as any shipped rule reads, in minutes: a minute that is seventy ago. */
const PAST_MIN = 71;

/** Evaluations of a rule whose median counts; odd, so that it is one of them. */
const REPEATS = 3;

/** Cores that all shipped rules together may take at this load. */
const AIM_CORES = 0.25;

/** How long the ruler evaluates all of them while the load goes on, in seconds: three of the longest interval. */
const RULER_S = 180;

/** Until the ruler has read its files, and its groups have begun, each at a time of its own, in milliseconds. */
const RULER_START_MS = 90_000;

export const ruleCost: Subject = {
  name: 'rule-cost',
  description: 'CPU of every shipped rule at 1,000 lines/s, and evaluations that the ruler missed; seven minutes',
  measure,
};

/** Ways of reading a line, as `lib/loki/rule-cost.ts` knows them, over five minutes. */
const WAYS: Readonly<Record<LineCost, string>> = {
  count: 'sum by (namespace, app) (count_over_time({job=~".+"}[5m]))',
  field: 'sum by (namespace, app) (count_over_time({job=~".+"} | detected_level=~"error|critical" [5m]))',
  text: 'sum by (namespace, app) (count_over_time({job=~".+"} |= `panic: ` or `Uncaught ` [5m]))',
  regexp: 'sum by (namespace, app) (count_over_time({job=~".+"} |~ `^panic: |^Uncaught ` [5m]))',
};

const WAY_MINUTES = 5;

interface ShippedRule {
  readonly name: string;
  readonly expr: string;
  /** Seconds. */
  readonly interval: number;
}

function shippedRules(manifests: readonly Manifest[]): ShippedRule[] {
  const { ruler } = parse(configData(manifests, 'loki-config')['config.yaml'] ?? '');
  return Object.entries(configData(manifests, 'loki-rules-')).flatMap(([file, text]) =>
    readRules(text, file).flatMap(({ groups }) =>
      groups.flatMap(({ interval, rules }) =>
        rules.map((rule) => ({
          name: isAlert(rule) ? rule.alert : rule.record,
          expr: rule.expr,
          interval: (durationMs(interval ?? ruler.evaluation_interval) ?? Number.NaN) / 1000,
        })),
      ),
    ),
  );
}

async function measure(tell: OnProgress): Promise<Figure[]> {
  const manifests = committedManifests();
  const rules = shippedRules(manifests);
  // In a second: the process may stand still between two of them.
  const now = Math.floor(Date.now() / 1000) * 1000;
  const loki = await startLoki(({ dir }) => benchConfig(manifests, dir));
  try {
    const client = new LokiClient(loki.url);
    tell(`pushing ${PAST_MIN} minutes of ${LOAD.linesPerSecond} lines/s in ${LOAD.streams} streams`);
    const { lines, bytes } = await pushAccessLog(client, LOAD, now - PAST_MIN * 60_000, now);
    tell(`${lines} lines, ${Math.round(bytes / 2 ** 20)} MiB`);
    await settled(loki);
    const costs: { rule: ShippedRule; cpuS: number }[] = [];
    for (const rule of rules) {
      const cpuS = await cost(loki, client, rule, now);
      tell(`${rule.name}: ${cpuS.toFixed(3)} s`);
      costs.push({ rule, cpuS });
    }
    const total = costs.reduce((sum, { rule, cpuS }) => sum + cpuS / rule.interval, 0);
    const ways: Figure[] = [];
    for (const [way, expr] of Object.entries(WAYS)) {
      const cpuS = await cost(loki, client, { name: way, expr, interval: 60 }, now);
      const value = cpuS / ((WAY_MINUTES * 60 * LOAD.linesPerSecond) / 1e6);
      tell(`${way}: ${value.toFixed(2)} s a million lines`);
      ways.push({ what: `a million lines, ${way}`, value, unit: 's CPU' });
    }
    return [
      ...ways,
      ...costs.flatMap(({ rule, cpuS }): Figure[] => [
        { what: `${rule.name}, an evaluation`, value: cpuS, unit: 's CPU', note: `every ${rule.interval} s` },
        { what: `${rule.name}, all the time`, value: cpuS / rule.interval, unit: 'cores' },
      ]),
      { what: 'all shipped rules', value: total, unit: 'cores', aim: { atMost: AIM_CORES } },
      ...(await underRuler(loki, client, manifests, now, tell)),
    ];
  } finally {
    await loki.stop();
  }
}

/** Lets the ruler evaluate all rules while the load goes on. @param from Unix milliseconds at which the past ends */
async function underRuler(
  loki: RunningEngine,
  client: LokiClient,
  manifests: readonly Manifest[],
  from: number,
  tell: OnProgress,
): Promise<Figure[]> {
  let pushed = from;
  const push = async () => {
    const until = Math.floor(Date.now() / 1000) * 1000;
    await pushAccessLog(client, LOAD, pushed, until);
    pushed = until;
  };
  const goOn = async (ms: number) => {
    for (const end = performance.now() + ms; performance.now() < end; await sleep(1000)) await push();
  };
  await push();
  for (const [path, text] of Object.entries(localLokiFiles(manifests))) {
    mkdirSync(dirname(join(loki.dir, path)), { recursive: true });
    writeFileSync(join(loki.dir, path), text);
  }
  tell(`the ruler evaluates all rules for ${RULER_S} s while the load goes on`);
  await goOn(RULER_START_MS);
  const before = { cpu: cpuSeconds(loki), at: performance.now() };
  await goOn(RULER_S * 1000);
  const cores = (cpuSeconds(loki) - before.cpu) / ((performance.now() - before.at) / 1000);
  const metrics = await (await fetch(`${loki.url}/metrics`)).text();
  const sum = (name: string) => metricSum(metrics, `loki_prometheus_rule_${name}`);
  return [
    { what: 'Loki with rules and load', value: cores, unit: 'cores', note: 'ingestion included' },
    { what: 'evaluations of groups', value: sum('group_iterations_total'), unit: '' },
    { what: 'missed', value: sum('group_iterations_missed_total'), unit: '', aim: { atMost: 0 } },
    { what: 'failed', value: sum('evaluation_failures_total'), unit: '', aim: { atMost: 0 } },
    {
      what: 'longest evaluation of a group',
      value: Math.max(...metricValues(metrics, 'loki_prometheus_rule_group_last_duration_seconds')),
      unit: 's',
    },
  ];
}

function metricValues(metrics: string, name: string): number[] {
  return [...metrics.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].map(([, value]) => Number(value));
}

function metricSum(metrics: string, name: string): number {
  return metricValues(metrics, name).reduce((sum, value) => sum + value, 0);
}

function benchConfig(manifests: readonly Manifest[], dir: string): object {
  const config = localLokiConfig(manifests, dir, 'http://127.0.0.1:9') as Record<string, object>;
  return {
    ...config,
    // What is pushed is over an hour old and comes in a minute.
    limits_config: { ...config.limits_config, ingestion_rate_mb: 1000, ingestion_burst_size_mb: 1000 },
    // Queries by HTTP would otherwise be split, which the ruler doesn't do.
    query_range: { ...config.query_range, parallelise_shardable_queries: false },
  };
}

/** CPU seconds of an evaluation at a time, Unix milliseconds: the median. */
async function cost(loki: RunningEngine, client: LokiClient, { expr }: ShippedRule, time: number): Promise<number> {
  const seconds: number[] = [];
  while (seconds.length < REPEATS) {
    const before = cpuSeconds(loki);
    await client.query(expr, time / 1000);
    seconds.push(cpuSeconds(loki) - before);
  }
  return median(seconds);
}

/** Waits until what the pushes left to do is done: a second with less than a tenth of a core. */
async function settled(loki: RunningEngine): Promise<void> {
  for (let used = 1; used > 0.1; ) {
    const before = cpuSeconds(loki);
    await sleep(1000);
    used = cpuSeconds(loki) - before;
  }
}

function cpuSeconds(loki: RunningEngine): number {
  const read = reading(loki);
  if (typeof read === 'string') throw new Error(read);
  return read.cpuS;
}
