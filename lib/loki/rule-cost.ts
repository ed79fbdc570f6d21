import { type PipelineStage, parseLogQL, type Selector, walk } from '../logql';
import { type Duration, isAlert, type RuleFile } from '../rules/model';
import { durationMs } from '../text/duration';

/** Ways in which a rule processes a line. */
export type LineCost = 'count' | 'field' | 'text' | 'regexp';

/**
 * CPU seconds per million lines that one Loki reads: access logs of 160 bytes in 20 streams. Regular expressions
 * differ: eight alternatives with anchors take 12, two take 3.4. `npm run bench -- rule-cost` measures them.
 */
export const CPU_PER_MILLION_LINES: Readonly<Record<LineCost, number>> = {
  count: 2.3,
  field: 0.6,
  text: 1,
  regexp: 12.5,
};

/** Cost of a rule. */
export interface RuleCost {
  /** Name of the rule, `<alert or record> (<group>)`. */
  readonly rule: string;
  /** Evaluation interval, seconds. */
  readonly intervalSeconds: number;
  /** Time range of the logs that an evaluation reads, seconds. */
  readonly readSeconds: number;
  /** CPU seconds of an evaluation, close to its duration, since it reads on one core. */
  readonly cpuSeconds: number;
  /** CPU seconds per second. */
  readonly cores: number;
}

/**
 * Returns the cost of rules at a load: the lines in their ranges, per evaluation. Rules that select an app, a namespace
 * or similar read few lines, and have no cost here.
 */
export function ruleCosts(
  files: readonly RuleFile[],
  { linesPerSecond, evaluationInterval }: { readonly linesPerSecond: number; readonly evaluationInterval: Duration },
): RuleCost[] {
  return files.flatMap(({ groups }) =>
    groups.flatMap((group) =>
      group.rules.map((rule): RuleCost => {
        const intervalSeconds = (durationMs(group.interval ?? evaluationInterval) ?? 0) / 1000;
        const ranges = rangesOverAllLogs(rule.expr);
        const cpuSeconds =
          linesPerSecond *
          ranges.reduce((sum, { seconds, cost }) => sum + (seconds * CPU_PER_MILLION_LINES[cost]) / 1e6, 0);
        return {
          rule: `${isAlert(rule) ? rule.alert : rule.record} (${group.name})`,
          intervalSeconds,
          readSeconds: ranges.reduce((sum, { seconds }) => sum + seconds, 0),
          cpuSeconds,
          cores: cpuSeconds / intervalSeconds,
        };
      }),
    ),
  );
}

/** A range of logs that an expression reads. */
export interface LineRange {
  readonly seconds: number;
  /** Time from its end to the evaluation, seconds. */
  readonly offsetSeconds: number;
  readonly cost: LineCost;
}

/** Returns the ranges of an expression that read the logs of all apps. */
export function rangesOverAllLogs(query: string): LineRange[] {
  const { expr } = parseLogQL(query);
  if (!expr) return [];
  return [...walk(expr)]
    .flatMap((at) => (at.kind === 'range' || at.kind === 'variants' ? [at.range] : []))
    .filter(({ selector }) => readsAll(selector))
    .map(({ milliseconds, offsetMilliseconds, stages }) => ({
      seconds: milliseconds / 1000,
      offsetSeconds: offsetMilliseconds / 1000,
      cost: costOf(stages),
    }));
}

/** Returns whether no matcher selects a value, as in `{job=~".+", app!~"loki"}`. */
function readsAll({ matchers }: Selector): boolean {
  return matchers.every(({ operator, value }) => operator.startsWith('!') || /^\.[+*]$/.test(value.value));
}

/** Returns the cost of the first filter: few lines pass it, so that later stages do not count. */
function costOf(stages: readonly PipelineStage[]): LineCost {
  for (const stage of stages) {
    if (stage.kind === 'parser') return 'count';
    // Before any parser, a filter of structured metadata.
    if (stage.kind === 'label-filter') return 'field';
    if (stage.kind !== 'line-filter') continue;
    if (stage.operator === '|=') return 'text';
    if (stage.operator.endsWith('~')) return 'regexp';
  }
  return 'count';
}
