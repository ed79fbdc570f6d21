import type { Links, RuleFile } from '../lib';
import { annotations } from './annotations';

/** A line a second: apps that seldom log are not silent, they are quiet. */
const before = (offset: string) => `sum by (namespace, app) (rate({job=~".+"}[1m] offset ${offset})) > 1`;

/**
 * Returns a rule on apps that logged all the time and log no more: they hang, or nothing reaches them.
 *
 * @example
 * const rules = [silence({ grafanaUrl: 'https://grafana.example.com' })];
 */
export function silence(links: Links): RuleFile {
  return {
    name: 'silence.yaml',
    groups: [
      {
        name: 'silence',
        // It reads more than any other; a minute more or less is nothing to ten.
        interval: '1m',
        rules: [
          {
            alert: 'LogSilence',
            // A stream without lines has no value to compare with zero, so what was there before is asked for and what is
            // there now taken away. Three minutes, ten apart, tell an app from a job that runs now and then, and cost a
            // twentieth of reading the hour. They are an hour ago, so that the alert lasts for an hour.
            expr: [
              before('1h'),
              `and ${before('1h5m')}`,
              `and ${before('1h10m')}`,
              'unless sum by (namespace, app) (count_over_time({job=~".+"}[10m]))',
            ].join('\n'),
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: annotations(links, {
              title: 'Silent: {{ $labels.namespace }}/{{ $labels.app }}',
              description:
                '{{ $labels.app }} logged {{ $value | printf "%.1f" }} lines per second, and nothing for ten minutes.',
              impact: 'It hangs, is gone, or gets no traffic; or its log is no longer collected.',
              action: 'See whether its pods run and are ready, and whether the log collector runs on their node.',
            }),
          },
        ],
      },
    ],
  };
}
