import { type Engine, ensureEngines, type FindOptions } from '../engines';
import { makeTempFolder, removeTempFolder } from '../engines/cleanup';
import { type AlertRule, isAlert, type RuleFile, type RuleGroup } from '../rules/model';
import type { Labels } from './labels';
import { toMs } from './plan';
import type { AlertHistory } from './promtool';
import type { Timeline } from './result';
import { type QuerySource, type Series, samplesAt, seriesOver } from './series';
import type { Question } from './template-queries';
import { splitThreshold } from './threshold';
import { runTrials } from './trials';

export interface ReplayOptions {
  /** Start, Unix milliseconds. */
  readonly fromMs: number;
  /** End, Unix milliseconds. */
  readonly toMs: number;
  /** The ruler's `evaluation_interval`, for groups without `interval`. @default '1m' */
  readonly evaluationInterval?: string;
  /** Called with each alert before its logs are read. @default none */
  readonly onAlert?: (alert: string, index: number, count: number) => void;
  /** Search for promtool. @default it is built if it is not on this machine */
  readonly engines?: FindOptions;
}

/** A period in which an alert would have fired. */
export interface Episode {
  readonly labels: Labels;
  /** Unix milliseconds of the evaluation at which it started to fire. */
  readonly fromMs: number;
  /** Unix milliseconds of the evaluation at which it stopped; undefined if it was still firing at the end. */
  readonly untilMs?: number;
}

/** The result of an alert. */
export interface ReplayedAlert {
  readonly alert: string;
  readonly group: string;
  /** Periods in which it would have fired, sorted by start. */
  readonly episodes: readonly Episode[];
  /** Reason that it could not be evaluated. @default none */
  readonly error?: string;
  readonly timeline?: Timeline;
}

/** Default of Loki's `max_query_series`, above which the evaluation of a rule fails. */
const MAX_SERIES = 500;

/** Evaluates alerts on the logs of a running Loki, as the ruler would have at each interval. Only reads. */
export async function replay(
  loki: QuerySource,
  files: readonly RuleFile[],
  options: ReplayOptions,
): Promise<ReplayedAlert[]> {
  const { promtool } = await ensureEngines(['promtool'], options.engines);
  const dir = makeTempFolder();
  const alerts = files.flatMap((file) =>
    file.groups.flatMap((group) => group.rules.filter(isAlert).map((rule) => ({ rule, group }))),
  );
  const replayed: ReplayedAlert[] = [];
  try {
    // One after the other, to limit the load on a Loki in production.
    for (const [i, { rule, group }] of alerts.entries()) {
      options.onAlert?.(rule.alert, i, alerts.length);
      try {
        replayed.push(await replayAlert(loki, promtool, dir, rule, group, options));
      } catch (error) {
        replayed.push({ alert: rule.alert, group: group.name, episodes: [], error: (error as Error).message });
      }
    }
  } finally {
    removeTempFolder(dir);
  }
  return replayed;
}

async function replayAlert(
  loki: QuerySource,
  promtool: Engine,
  dir: string,
  rule: AlertRule,
  group: RuleGroup,
  options: ReplayOptions,
): Promise<ReplayedAlert> {
  const intervalMs = toMs(group.interval ?? options.evaluationInterval ?? '1m');
  // Multiples of the interval, so that results do not depend on the second of the call.
  const firstMs = Math.ceil(options.fromMs / intervalMs) * intervalMs;
  const lastStep = Math.floor((options.toMs - firstMs) / intervalMs);
  if (lastStep < 1)
    throw new Error(
      `fewer than two evaluations in the time range: choose a longer --since (the rule is evaluated every ${intervalMs / 1000}s)`,
    );
  const grid = { startS: firstMs / 1000, stepMs: intervalMs, lastStep };
  const series = await seriesOver(loki, rule.expr, grid);
  rejectTooMany(series);
  // Texts are not shown: their queries are not sent to Loki.
  const alert = { rule: { ...rule, annotations: undefined }, group, intervalMs };
  const ask = ({ query, step }: Question) => samplesAt(loki, query, grid.startS + (step * intervalMs) / 1000);
  const [verdict] = await runTrials(promtool, dir, [
    { intervalMs, lastStep, rules: [{ alert, series }], shown: [], needed: new Set(), ask },
  ]);
  if (verdict?.errors.length) throw new Error(`the ruler would fail to evaluate it: ${verdict.errors.join('; ')}`);
  const histories = verdict?.histories ?? [];
  const split = splitThreshold(rule.expr);
  return {
    alert: rule.alert,
    group: group.name,
    episodes: episodesOf(histories, lastStep, (step) => firstMs + step * intervalMs),
    timeline: {
      alert: rule.alert,
      intervalMs,
      lastStep,
      threshold: split?.threshold,
      series: split ? await seriesOver(loki, split.expr, grid) : series,
      histories,
      marks: [],
      span: { from: minute(firstMs), to: minute(firstMs + lastStep * intervalMs) },
    },
  };
}

/** `2026-01-31T12:00Z` */
function minute(ms: number): string {
  return new Date(ms).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z');
}

function rejectTooMany(series: readonly Series[]): void {
  const counts = new Map<number, number>();
  for (const { values } of series) for (const step of values.keys()) counts.set(step, (counts.get(step) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  if (most > MAX_SERIES)
    throw new Error(
      `returns ${most} series, more than Loki's max_query_series (${MAX_SERIES}): aggregate with sum by (…) over fewer labels`,
    );
}

function episodesOf(histories: readonly AlertHistory[], lastStep: number, timeOf: (step: number) => number): Episode[] {
  const episodes: Episode[] = [];
  for (const { labels: withName, firing } of histories) {
    const { alertname: _, ...labels } = withName;
    for (const step of [...firing].sort((a, b) => a - b)) {
      if (firing.has(step - 1)) continue;
      let end = step;
      while (firing.has(end)) end++;
      episodes.push({ labels, fromMs: timeOf(step), ...(end <= lastStep ? { untilMs: timeOf(end) } : {}) });
    }
  }
  return episodes.sort((a, b) => a.fromMs - b.fromMs);
}
