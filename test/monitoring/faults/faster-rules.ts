import { isAlert, type RuleFile } from '../../../lib';
import { durationMs } from '../../../lib/text/duration';

/** Divisor of durations in Loki's rules: less than for Prometheus, because lines need seconds to arrive. */
export const LOKI_FASTER = 6;

/** Divides every duration in the rules. */
export function fasterRules(file: RuleFile): RuleFile {
  return {
    ...file,
    groups: file.groups.map((group) => ({
      ...group,
      ...(group.interval ? { interval: divided(group.interval) } : {}),
      rules: group.rules.map((rule) =>
        isAlert(rule)
          ? {
              ...rule,
              expr: rule.expr.replace(/(?<=\[|offset )\w+/g, divided),
              ...(rule.for ? { for: divided(rule.for) } : {}),
            }
          : rule,
      ),
    })),
  };
}

function divided(duration: string): string {
  return `${Number(durationMs(duration)) / LOKI_FASTER}ms`;
}
