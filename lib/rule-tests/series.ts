import type { LokiClient, RangeQuery } from '../engines';
import type { Labels } from './labels';
import { WrongResult } from './wrong-result';

/** A series: values by the index of the evaluation. */
export interface Series {
  readonly labels: Labels;
  /** Values as Loki prints them, including `NaN` and `+Inf`. */
  readonly values: ReadonlyMap<number, string>;
}

/** Evaluations at a fixed interval. */
export interface Grid {
  /** Unix seconds of evaluation 0. */
  readonly startS: number;
  readonly stepMs: number;
  /** Index of the last evaluation. */
  readonly lastStep: number;
}

/** Maximum number of points per series in one query of Loki (`pkg/loghttp/query.go`, `ParseRangeQuery`). */
const MAX_POINTS = 11_000;

/** A client of Loki that evaluates queries. */
export type QuerySource = Pick<LokiClient, 'queryRange' | 'query'>;

/** A sample: the value as Loki prints it. */
export interface Sample {
  readonly labels: Labels;
  readonly value: string;
}

/**
 * Evaluates a metric query at one time, Unix seconds; returns the samples in Loki's order.
 * @throws with Loki's reason
 */
export async function samplesAt(loki: Pick<QuerySource, 'query'>, expr: string, atS: number): Promise<Sample[]> {
  const data = await loki.query(expr, atS);
  if (data.resultType === 'scalar') return [{ labels: {}, value: data.result[1] }];
  if (data.resultType !== 'vector') throw new WrongResult(`the query returns ${data.resultType}, not samples`);
  return data.result.map(({ metric, value }) => ({ labels: metric, value: value[1] }));
}

/**
 * Evaluates a metric query at every point of a grid, with as few queries as Loki's limits allow.
 * @param maxPoints maximum number of evaluations in one query @default Loki's limit
 * @throws with Loki's reason
 */
export async function seriesOver(
  loki: Pick<QuerySource, 'queryRange'>,
  expr: string,
  grid: Grid,
  maxPoints = MAX_POINTS,
): Promise<Series[]> {
  const found = new Map<string, { labels: Labels; values: Map<number, string> }>();
  const { startS, stepMs, lastStep } = grid;
  for (let first = 0; first <= lastStep; first += maxPoints) {
    const last = Math.min(first + maxPoints - 1, lastStep);
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
