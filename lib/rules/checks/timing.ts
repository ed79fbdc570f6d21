import { durationMs } from '../../text/duration';
import { DEFAULT_EVALUATION_INTERVAL } from '../check-options';
import { isAlert } from '../model';
import { rangesOf } from './queries';
import type { GroupScope, RuleCheck } from './rule-check';

/** Checks of durations against the evaluation interval. */
export const timingChecks: readonly RuleCheck[] = [
  {
    id: 'range-below-interval',
    *rule(scope) {
      const interval = intervalOf(scope);
      for (const range of scope.query ? rangesOf(scope.query) : []) {
        if (range.milliseconds >= interval.ms) continue;
        yield {
          field: ['expr'],
          offset: range.from,
          problem: `range shorter than the evaluation interval (${interval.text}), so some lines between two evaluations are never counted`,
          fix: `use at least [${interval.text}]`,
        };
      }
    },
  },
  {
    id: 'range-beyond-retention',
    *rule({ query, options: { retention } }) {
      const limit = retention === undefined ? 0 : (durationMs(retention) ?? 0);
      if (limit === 0) return;
      for (const { milliseconds, offsetMilliseconds, from } of query ? rangesOf(query) : []) {
        if (milliseconds + Math.max(offsetMilliseconds, 0) <= limit) continue;
        yield {
          field: ['expr'],
          offset: from,
          problem: `the range begins before the retention of ${retention}, so it does not contain all lines`,
          fix: 'use a shorter range or offset, or a longer retention',
        };
      }
    },
  },
  {
    id: 'for-below-interval',
    *rule(scope) {
      const { rule } = scope;
      const interval = intervalOf(scope);
      const time = isAlert(rule) && rule.for !== undefined ? (durationMs(rule.for) ?? 0) : 0;
      if (!isAlert(rule) || time === 0 || time >= interval.ms) return;
      yield {
        field: ['for'],
        problem: `"for: ${rule.for}" is shorter than the evaluation interval (${interval.text}), so the alert waits that long instead`,
        fix: `use "${interval.text}", or remove "for" to fire immediately`,
      };
    },
  },
];

/** Evaluation interval of the rule. */
function intervalOf({ group, options }: GroupScope): { text: string; ms: number } {
  const own = group.interval && durationMs(group.interval) ? group.interval : undefined;
  const text = own ?? options.evaluationInterval ?? DEFAULT_EVALUATION_INTERVAL;
  return { text, ms: durationMs(text) ?? 0 };
}
