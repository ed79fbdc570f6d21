import { type PipelineStage, parseLogQL, type Selector, walk } from '../logql';
import { type Duration, isAlert, type RuleFile } from '../rules/model';
import { durationMs } from '../text/duration';

/** Ways in which a rule looks at a line. */
export type LineCost = 'count' | 'field' | 'text' | 'regexp';

/**
 * CPU seconds that a million lines take, read once, in one Loki: access logs of 160 bytes in 20 streams. Regular
 * expressions differ: eight choices with anchors take 12, two of them 3.4.
 * `npm run bench -- rule-cost` measures them.
 */
export const CPU_PER_MILLION_LINES: Readonly<Record<LineCost, number>> = {
  count: 2.3,
  field: 0.6,
  text: 1,
  regexp: 12.5,
};

/** What a rule takes of a ruler. */
export interface RuleCost {
  /** `<alert or record> (<group>)` */
  readonly rule: string;
  /** Seconds between two evaluations. */
  readonly intervalSeconds: number;
  /** Seconds of logs that an evaluation reads. */
  readonly readSeconds: number;
  /** CPU seconds of an evaluation; nearly as long as it lasts, because one reads on one core. */
  readonly cpuSeconds: number;
  /** CPU seconds a second. */
  readonly cores: number;
}

/**
 * What rules take at a load: the lines of their ranges, as often as they are evaluated. A rule that names an app, a
 * namespace or the like reads their lines only, and counts as nothing.
 */
export function ruleCosts(
  files: readonly RuleFile[],
  { linesPerSecond, evaluationInterval }: { readonly linesPerSecond: number; readonly evaluationInterval: Duration },
): RuleCost[] {
  return files.flatMap(({ groups }) =>
    groups.flatMap((group) =>
      group.rules.map((rule): RuleCost => {
        const intervalSeconds = (durationMs(group.interval ?? evaluationInterval) ?? 0) / 1000;
        const ranges = rangesOfAll(rule.expr);
        const cpuSeconds =
          linesPerSecond *
          ranges.reduce((sum, { seconds, way }) => sum + (seconds * CPU_PER_MILLION_LINES[way]) / 1e6, 0);
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

/** The ranges of an expression that read the logs of all apps. */
function rangesOfAll(query: string): { readonly seconds: number; readonly way: LineCost }[] {
  const { expr } = parseLogQL(query);
  if (!expr) return [];
  return [...walk(expr)]
    .flatMap((at) => (at.kind === 'range' || at.kind === 'variants' ? [at.range] : []))
    .filter(({ selector }) => readsAll(selector))
    .map(({ milliseconds, stages }) => ({ seconds: milliseconds / 1000, way: wayOf(stages) }));
}

/** Whether no matcher asks for something: `{job=~".+", app!~"loki"}`. */
function readsAll({ matchers }: Selector): boolean {
  return matchers.every(({ operator, value }) => operator.startsWith('!') || /^\.[+*]$/.test(value.value));
}

/** Few lines pass the first filter, so that what comes after it costs nothing. */
function wayOf(stages: readonly PipelineStage[]): LineCost {
  for (const stage of stages) {
    if (stage.kind === 'parser') return 'count';
    // Before any parser: of the line's structured metadata.
    if (stage.kind === 'label-filter') return 'field';
    if (stage.kind !== 'line-filter') continue;
    if (stage.operator === '|=') return 'text';
    if (stage.operator.endsWith('~')) return 'regexp';
  }
  return 'count';
}
