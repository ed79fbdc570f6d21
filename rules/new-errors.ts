import { CANARY_LINES, CANARY_PERIOD_S, type Duration, firstSeen, type Links, type RuleFile } from '../lib';
import { durationMs } from '../lib/text/duration';
import { annotations } from './annotations';
import { ERROR_LEVEL } from './error-lines';
import { LOKI_APPS } from './own-apps';

/** Share of the time without logs, or before the installation, above which Loki knows too little. */
const UNKNOWN = 0.5;

/** Props of `newErrors`. */
export interface NewErrorsProps extends Links {
  /**
   * Selector of the logs to watch. Above some thousands of lines/s, a day of all logs takes longer to read than Loki
   * allows: select the apps that matter.
   * @default all apps but Loki
   */
  readonly selector?: string;
  /** Time in which an error must not have been logged to be new. @default '1d', so that those of nightly jobs are known */
  readonly within?: Duration;
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
 * @example
 * const rules = [newErrors({ grafanaUrl: 'https://grafana.example.com', selector: '{namespace="shop"}' })];
 */
export function newErrors({
  selector = `{job=~".+", app!~"${LOKI_APPS}"}`,
  within = '1d',
  ...links
}: NewErrorsProps): RuleFile {
  const expr = firstSeen(`${selector} ${ERROR_LEVEL}`, { within });
  return {
    name: 'new-errors.yaml',
    groups: [
      {
        name: 'new-errors',
        // Each evaluation reads a day of logs: at 1,000 lines/s, 40 s of CPU.
        interval: '10m',
        rules: [
          {
            alert: 'NewError',
            expr: `${expr}\nunless on () (${tooLittleKnown(within)})`,
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: annotations(links, {
              title: 'New error: {{ $labels.namespace }}/{{ $labels.app }}',
              description: `{{ $labels.app }} logged an error that it had not logged for ${within}: {{ $labels.shape }}`,
              impact:
                'Something that worked may have stopped working. This message is not repeated for the same error.',
              action: 'Compare the time of the first such line with the latest deployments.',
            }),
          },
        ],
      },
    ],
  };
}
