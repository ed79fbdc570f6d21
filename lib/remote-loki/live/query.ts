import { type Expr, type LabelMatcher, type LogRange, parseLogQL, walk } from '../../logql';
import type { Rule } from '../../rules/model';

/** A part of an expression that reads logs. */
export interface Source {
  readonly range: Pick<LogRange, 'selector' | 'stages' | 'unwrap'>;
  /** Text of its selector. */
  readonly selector: string;
  readonly matchers: readonly LabelMatcher[];
  /** Offset of the selector in the expression. */
  readonly offset: number;
  /** Age of the oldest line that it reads, seconds. */
  readonly seconds: number;
  /** True in `absent_over_time`, which is true without streams. */
  readonly absent: boolean;
}

/** A rule's expression, and where it reads logs. */
export interface LiveQuery {
  readonly text: string;
  readonly expr: Expr;
  readonly sources: readonly Source[];
}

/** Reads the expression of a rule; undefined if it is invalid, which other checks report. */
export function liveQuery({ expr: text }: Pick<Rule, 'expr'>): LiveQuery | undefined {
  const { expr } = parseLogQL(text);
  if (!expr) return undefined;
  const sources = [...walk(expr)].flatMap((at): Source[] => {
    if (at.kind !== 'range') return [];
    const { range, operation } = at;
    const { selector, milliseconds, offsetMilliseconds } = range;
    return [
      {
        range,
        selector: text.slice(selector.from, selector.to),
        matchers: selector.matchers,
        offset: selector.from,
        seconds: (milliseconds + Math.max(0, offsetMilliseconds)) / 1000,
        absent: operation === 'absent_over_time',
      },
    ];
  });
  return { text, expr, sources };
}
