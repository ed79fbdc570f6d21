import * as v from 'valibot';
import { CANARY_LINES, CANARY_PERIOD_S, type Duration, firstSeen, type RuleFile } from '../lib';
import { logQuery } from '../lib/rules/lines/query-format';
import { durationMs, formatDuration } from '../lib/text/duration';
import { assertOptions, duration, optionsOf } from '../lib/validate/validate';
import { annotations, ITS_APP, type LogRuleProps } from './annotations';
import { ERROR_LEVEL } from './error-lines';
import { LOKI_APPS } from './own-apps';

/** Milliseconds by which lines may be late: a restart of Loki, or of its node. */
const LATE_MS = 15 * 60_000;

/** Share of the time without logs, or before the installation, above which Loki knows too little. */
const UNKNOWN = 0.5;

/** Props of `newErrors`. */
export interface NewErrorsProps extends Omit<LogRuleProps, 'samples'> {
  /**
   * Selector of the logs to watch. Above 3,000 lines/s, a day of all logs takes longer to read than the
   * `query_timeout` of five minutes: select the apps that matter.
   * @default all apps but Loki
   */
  readonly selector?: string;
  /**
   * Evaluation interval: the time after which an error is reported at the latest. Each evaluation reads the logs of
   * `within`: at 1,000 lines/s, a day takes 80 s of CPU.
   * @default '15m'
   */
  readonly interval?: Duration;
  /** Time in which an error must not have been logged to be new. @default '1d', so that those of nightly jobs are known */
  readonly within?: Duration;
  /** Shows the shape of the error in the annotation `samples`. @default true */
  readonly samples?: boolean;
}

const options = optionsOf<Omit<NewErrorsProps, keyof LogRuleProps>>()({
  selector: v.optional(logQuery()),
  interval: v.optional(duration),
  within: v.optional(duration),
});

function plus(time: Duration, ms: number): Duration {
  return formatDuration((durationMs(time) ?? 0) + ms);
}

/**
 * Returns an expression that is true in the first hours of a new installation, and after a long outage: Loki knows too
 * little to call an error new, and almost every one would be. Without a canary, it is never true.
 */
function tooLittleKnown(within: Duration): string {
  const lines = `sum(count_over_time(${CANARY_LINES}[${within}]))`;
  const enough = Math.floor(((durationMs(within) ?? 0) / 1000 / CANARY_PERIOD_S) * UNKNOWN);
  return `${lines} unless ${lines} >= ${enough}`;
}

/**
 * Returns an alert for errors of a kind that an app has not logged for a day, such as those of a new release.
 *
 * @throws Error with every invalid option
 * @example
 * const rules = [newErrors({ grafanaUrl: 'https://grafana.example.com', selector: '{namespace="shop"}' })];
 */
export function newErrors({
  selector = `{job=~".+", app!~"${LOKI_APPS}"}`,
  interval = '15m',
  within = '1d',
  samples = true,
  ...links
}: NewErrorsProps): RuleFile {
  assertOptions('newErrors', options, { selector, interval, within });
  const recent = plus(interval, LATE_MS);
  const expr = firstSeen(`${selector} ${ERROR_LEVEL}`, { within, recent });
  return {
    name: 'new-errors.yaml',
    groups: [
      {
        name: 'new-errors',
        interval,
        rules: [
          {
            alert: 'NewError',
            expr: `${expr}\nunless on () (${tooLittleKnown(within)})`,
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: {
              ...annotations(
                { ...links, samples: false },
                {
                  title: 'New error: {{ $labels.namespace }}/{{ $labels.app }}',
                  description: `{{ $labels.app }} logged an error that it had not logged for ${within}.`,
                  impact: 'Something that worked may have stopped working.',
                  action: 'Compare the time of the first such line with the latest deployments.',
                },
                { query: `{job=~".+", ${ITS_APP}} ${ERROR_LEVEL}`, within: recent },
              ),
              // As `samples` writes it, without a query.
              ...(samples ? { samples: '{{ $value | printf "%.0f" }}× {{ $labels.shape }}' } : {}),
            },
          },
        ],
      },
    ],
  };
}
