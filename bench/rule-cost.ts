import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { localLokiConfig, localLokiFiles } from '../lib/demo-run/local-configs';
import type { OnProgress } from '../lib/engines';
import { LokiClient, type RunningEngine, startLoki } from '../lib/engines';
import { configData, type Manifest } from '../lib/kubernetes-objects/dist';
import { type LineCost, rangesOverAllLogs } from '../lib/loki/rule-cost';
import { isAlert } from '../lib/rules/model';
import { readRules } from '../lib/rules/read';
import { durationMs } from '../lib/text/duration';
import { type AccessLogLoad, pushAccessLog } from './access-log';
import { type Figure, median, type Subject } from './figure';
import { reading } from './idle';
import { committedManifests } from './stage';

/** One line of a hundred is an error, as in a cluster with problems. */
const LOAD: AccessLogLoad = { linesPerSecond: 1000, streams: 20, linesPerError: 100 };

/** Minutes of logs to push. Except for NewError, the shipped rules read at most one minute that is 70 minutes old. */
const PAST_MIN = 71;

/** Minutes of logs before that, for NewError: a day and half an hour. */
const DAY_MIN = 24.5 * 60 - PAST_MIN;

/**
 * Divisor of the load in these minutes: pushing the whole day takes half an hour. The cost grows in proportion to the
 * lines (docs/capacity.md).
 */
const THINNED = 10;

/** Evaluations per rule for the median; odd, so that the median is one of them. */
const REPEATS = 3;

/** Maximum number of cores for all shipped rules at this load. */
const AIM_CORES = 0.25;

/** Seconds that the ruler evaluates all rules under load: three times the longest interval, but for NewError's. */
const RULER_S = 180;

/** Milliseconds until the ruler has loaded its files, and all groups have started, each at a different time. */
const RULER_START_MS = 90_000;

export const ruleCost: Subject = {
  name: 'rule-cost',
  description: 'CPU of every shipped rule at 1,000 lines/s, and missed evaluations of the ruler; ten minutes',
  measure,
};

/** Queries over five minutes for each kind of cost in `lib/loki/rule-cost.ts`. */
const QUERIES: Readonly<Record<LineCost, string>> = {
  count: 'sum by (namespace, app) (count_over_time({job=~".+"}[5m]))',
  field: 'sum by (namespace, app) (count_over_time({job=~".+"} | detected_level=~"error|critical" [5m]))',
  text: 'sum by (namespace, app) (count_over_time({job=~".+"} |= `panic: ` or `Uncaught ` [5m]))',
  regexp: 'sum by (namespace, app) (count_over_time({job=~".+"} |~ `^panic: |^Uncaught ` [5m]))',
};

const QUERY_MINUTES = 5;

interface ShippedRule {
  readonly name: string;
  readonly expr: string;
  /** Seconds. */
  readonly interval: number;
  /** Ratio of the lines that the rule reads at the load to those that were pushed. */
  readonly scale: number;
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
          scale: scaleOf(rule.expr),
        })),
      ),
    ),
  );
}

/** Returns the ratio of the lines in the ranges over all logs to those that are pushed there. */
function scaleOf(query: string): number {
  const minutes = rangesOverAllLogs(query).map(({ seconds, offsetSeconds }) => ({
    all: seconds / 60,
    thin: Math.max(0, Math.min(seconds / 60, (seconds + offsetSeconds) / 60 - PAST_MIN)),
  }));
  const sum = (of: (range: (typeof minutes)[number]) => number) =>
    minutes.reduce((total, range) => total + of(range), 0);
  const all = sum(({ all }) => all);
  return all === 0 ? 1 : all / sum(({ all, thin }) => all - thin + thin / THINNED);
}

async function measure(onProgress: OnProgress): Promise<Figure[]> {
  const manifests = committedManifests();
  const rules = shippedRules(manifests);
  // Whole seconds, like the log load.
  const now = Math.floor(Date.now() / 1000) * 1000;
  const loki = await startLoki(({ dir }) => benchConfig(manifests, dir));
  try {
    const client = new LokiClient(loki.url);
    const past = now - PAST_MIN * 60_000;
    const thin = { ...LOAD, linesPerSecond: LOAD.linesPerSecond / THINNED };
    onProgress(
      `pushing ${Math.round(DAY_MIN / 60)} hours of ${thin.linesPerSecond} lines/s in ${LOAD.streams} streams`,
    );
    await pushAccessLog(client, thin, past - DAY_MIN * 60_000, past);
    onProgress(`pushing ${PAST_MIN} minutes of ${LOAD.linesPerSecond} lines/s`);
    const { lines, bytes } = await pushAccessLog(client, LOAD, past, now);
    onProgress(`${lines} lines, ${Math.round(bytes / 2 ** 20)} MiB`);
    await settled(loki);
    const costs: { rule: ShippedRule; cpuS: number }[] = [];
    for (const rule of rules) {
      const cpuS = rule.scale * (await cost(loki, client, rule.expr, now));
      onProgress(`${rule.name}: ${cpuS.toFixed(3)} s`);
      costs.push({ rule, cpuS });
    }
    const total = costs.reduce((sum, { rule, cpuS }) => sum + cpuS / rule.interval, 0);
    const perLine: Figure[] = [];
    for (const [kind, expr] of Object.entries(QUERIES)) {
      const cpuS = await cost(loki, client, expr, now);
      const value = cpuS / ((QUERY_MINUTES * 60 * LOAD.linesPerSecond) / 1e6);
      onProgress(`${kind}: ${value.toFixed(2)} s per million lines`);
      perLine.push({ what: `a million lines, ${kind}`, value, unit: 's CPU' });
    }
    return [
      ...perLine,
      ...costs.flatMap(({ rule, cpuS }): Figure[] => [
        {
          what: `${rule.name}, per evaluation`,
          value: cpuS,
          unit: 's CPU',
          note: `every ${rule.interval} s${rule.scale > 1 ? `; ${rule.scale.toFixed(1)} times the measured CPU` : ''}`,
        },
        { what: `${rule.name}, on average`, value: cpuS / rule.interval, unit: 'cores' },
      ]),
      { what: 'all shipped rules', value: total, unit: 'cores', aim: { atMost: AIM_CORES } },
      ...(await measureRuler(loki, client, manifests, now, onProgress)),
    ];
  } finally {
    await loki.stop();
  }
}

/** Measures the ruler with all rules under load. @param from end of the pushed logs, as Unix time in milliseconds */
async function measureRuler(
  loki: RunningEngine,
  client: LokiClient,
  manifests: readonly Manifest[],
  from: number,
  onProgress: OnProgress,
): Promise<Figure[]> {
  let pushed = from;
  const push = async () => {
    const until = Math.floor(Date.now() / 1000) * 1000;
    await pushAccessLog(client, LOAD, pushed, until);
    pushed = until;
  };
  const keepPushing = async (ms: number) => {
    for (const end = performance.now() + ms; performance.now() < end; await sleep(1000)) await push();
  };
  await push();
  for (const [path, text] of Object.entries(localLokiFiles(manifests))) {
    mkdirSync(dirname(join(loki.dir, path)), { recursive: true });
    writeFileSync(join(loki.dir, path), text);
  }
  onProgress(`the ruler evaluates all rules for ${RULER_S} s under load`);
  await keepPushing(RULER_START_MS);
  const before = { cpu: cpuSeconds(loki), at: performance.now() };
  await keepPushing(RULER_S * 1000);
  const cores = (cpuSeconds(loki) - before.cpu) / ((performance.now() - before.at) / 1000);
  const metrics = await (await fetch(`${loki.url}/metrics`)).text();
  const sum = (name: string) => metricSum(metrics, `loki_prometheus_rule_${name}`);
  return [
    { what: 'Loki with rules under load', value: cores, unit: 'cores', note: 'including ingestion' },
    { what: 'group evaluations', value: sum('group_iterations_total'), unit: '' },
    { what: 'missed group evaluations', value: sum('group_iterations_missed_total'), unit: '', aim: { atMost: 0 } },
    { what: 'failed rule evaluations', value: sum('evaluation_failures_total'), unit: '', aim: { atMost: 0 } },
    {
      what: 'longest group evaluation',
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
    // More than an hour of logs is pushed within a minute.
    limits_config: { ...config.limits_config, ingestion_rate_mb: 1000, ingestion_burst_size_mb: 1000 },
    // Queries via HTTP would otherwise be split; the ruler does not split them.
    query_range: { ...config.query_range, parallelise_shardable_queries: false },
  };
}

/** Returns the median CPU time of an evaluation in seconds. @param time Unix time in milliseconds */
async function cost(loki: RunningEngine, client: LokiClient, expr: string, time: number): Promise<number> {
  const seconds: number[] = [];
  while (seconds.length < REPEATS) {
    const before = cpuSeconds(loki);
    await client.query(expr, time / 1000);
    seconds.push(cpuSeconds(loki) - before);
  }
  return median(seconds);
}

/** Waits until Loki is idle after the pushes: a second with less than a tenth of a core. */
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
