import type { LokiClient, RangeQuery } from '../engines';
import type { Labels } from './labels';
import { WrongResult } from './wrong-result';

/** A series over time: its values by the index of the evaluation. */
export interface Series {
  readonly labels: Labels;
  /** As Loki prints them, `NaN` and `+Inf` included. */
  readonly values: ReadonlyMap<number, string>;
}

/** Evaluations at equal distances. */
export interface Grid {
  /** Unix seconds of evaluation 0. */
  readonly startS: number;
  readonly stepMs: number;
  /** Index of the last evaluation. */
  readonly lastStep: number;
}

/** Points that Loki gives at most for one series in one query (`pkg/loghttp/query.go`, `ParseRangeQuery`). */
const MAX_POINTS = 11_000;

/** Something that answers range queries: a client of Loki. */
export type RangeSource = Pick<LokiClient, 'queryRange'>;

/**
 * Evaluates a metric query at every point of a grid, in as few queries as Loki's limits allow.
 * @param most evaluations in one query @default Loki's limit
 * @throws with Loki's reason
 */
export async function seriesOver(loki: RangeSource, expr: string, grid: Grid, most = MAX_POINTS): Promise<Series[]> {
  const found = new Map<string, { labels: Labels; values: Map<number, string> }>();
  const { startS, stepMs, lastStep } = grid;
  for (let first = 0; first <= lastStep; first += most) {
    const last = Math.min(first + most - 1, lastStep);
    const range: RangeQuery = {
      start: startS + (first * stepMs) / 1000,
      end: startS + (last * stepMs) / 1000,
      step: stepMs / 1000,
    };
    const data = await loki.queryRange(expr, range);
    if (data.resultType !== 'matrix') throw new WrongResult(`the query returns ${data.resultType}, not series`);
    for (const { metric, values } of data.result) {
      const key = JSON.stringify(Object.entries(metric).sort());
      const series = found.get(key) ?? { labels: metric, values: new Map<number, string>() };
      found.set(key, series);
      for (const [seconds, value] of values) series.values.set(Math.round(((seconds - startS) * 1000) / stepMs), value);
    }
  }
  return [...found.values()];
}
