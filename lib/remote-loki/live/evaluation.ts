import { LokiRefusal } from '../../engines';
import { splitThreshold } from '../../rule-tests/threshold';
import type { RuleProblem } from '../../rules/checks/rule-check';
import type { RuleGroup } from '../../rules/model';
import { shortened } from '../explain';
import type { LiveQuery } from './query';
import type { LiveReader } from './reader';

/** Cost of one evaluation of a rule, and its problems. */
export interface RuleEvaluation {
  readonly bytes?: number;
  readonly seconds?: number;
  /** Series before the comparison with a threshold: as many as may fire at once. */
  readonly series?: number;
  /** Maximum number of series. */
  readonly maxSeries: number;
  readonly problems: readonly RuleProblem[];
}

/**
 * Logs that an evaluation may read here, bytes. A rule that reads more is reported without evaluating it: at one
 * evaluation a minute, this is 14 TB a day.
 */
const MAX_BYTES = 10e9;

/** Evaluates a rule once, as the ruler does at each interval. */
export async function evaluateRule(
  loki: LiveReader,
  query: LiveQuery,
  { limit }: Pick<RuleGroup, 'limit'>,
): Promise<RuleEvaluation> {
  const ofTenant = await loki.maxSeries();
  const maxSeries = limit ? Math.min(limit, ofTenant) : ofTenant;
  const field = ['expr'];
  const sizes = await Promise.all(
    query.sources.map(({ selector, seconds }) => loki.bytes(selector, loki.last(seconds))),
  );
  const expected = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  if (expected > MAX_BYTES) {
    const problem = `an evaluation reads ${formatBytes(expected)} of logs`;
    const fix = 'select fewer streams, shorten the range, or use a recording rule; it was not evaluated here';
    return { bytes: expected, maxSeries, problems: [{ id: 'evaluation-cost', problem, fix, field }] };
  }
  try {
    const { bytes, seconds } = await loki.evaluate(query.text);
    const series = await candidates(loki, query);
    const problems: RuleProblem[] = [];
    if (series !== undefined && series > maxSeries) {
      const problem = `${series} series are compared with the threshold, and an evaluation may return ${maxSeries} (${maxSeries < ofTenant ? 'limit of the group' : 'max_query_series'}): if more than that fire at once, the rule fails`;
      const fix = 'aggregate over fewer labels with sum by (…), or raise the limit';
      problems.push({ id: 'series-over-limit', problem, fix, field });
    }
    return { bytes, seconds, series, maxSeries, problems };
  } catch (error) {
    if (!(error instanceof LokiRefusal)) throw error;
    const problem = `Loki fails to evaluate it (${error.status}): ${shortened(error.reason)}`;
    const fix = fixOfFailure(error.reason);
    return { maxSeries, problems: [{ id: 'evaluation-fails', problem, fix, field }] };
  }
}

/** Instruction that solves the failure of an evaluation. */
export function fixOfFailure(reason: string): string {
  if (/pipeline error/i.test(reason))
    return 'filter out the lines that it cannot read: loki-alerts explain pipeline-error';
  if (/number of series|exceeded limit of/i.test(reason))
    return 'aggregate over fewer labels with sum by (…), or raise the limit';
  if (/deadline|timeout|timed out/i.test(reason)) return 'select fewer streams, or shorten the range';
  return 'correct the expression';
}

/** Number of series that are compared with the threshold; without one, of the result. */
async function candidates(loki: LiveReader, { text }: LiveQuery): Promise<number | undefined> {
  const all = splitThreshold(text)?.expr ?? text;
  try {
    return (await loki.evaluate(`count(${all})`)).value;
  } catch (error) {
    if (error instanceof LokiRefusal) return undefined;
    throw error;
  }
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Formats bytes with two or three digits: `1.2 MB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}
