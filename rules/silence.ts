import type { Links, RuleFile } from '../lib';
import { annotations } from './annotations';

/** More than one line per second: an app that rarely logs is never silent. */
const before = (offset: string) => `sum by (namespace, app) (rate({job=~".+"}[1m] offset ${offset})) > 1`;

/**
 * Returns an alert for an app that logged steadily and has stopped: it hangs, or receives no traffic.
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
        // It reads more logs than any other rule, and ten minutes need no finer interval.
        interval: '1m',
        rules: [
          {
            alert: 'LogSilence',
            // A stream without lines has no value to compare with zero, so the rule takes the apps that logged before
            // and leaves out those that log now. Three samples over ten minutes distinguish an app from a job that runs
            // now and then, at a twentieth of the cost of the whole hour. They are an hour back: the alert lasts as
            // long.
            expr: [
              before('1h'),
              `and ${before('1h5m')}`,
              `and ${before('1h10m')}`,
              'unless sum by (namespace, app) (count_over_time({job=~".+"}[10m]))',
            ].join('\n'),
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: annotations(
              links,
              {
                title: 'Log silence: {{ $labels.namespace }}/{{ $labels.app }}',
                description:
                  '{{ $labels.app }} logged {{ $value | printf "%.1f" }} lines per second, then nothing for ten minutes.',
                impact: 'The app hangs, is gone or receives no traffic, or its log is no longer collected.',
                action:
                  'Check that its pods are running and ready, and that the log collector is running on their nodes.',
              },
              { within: '1h11m' },
            ),
          },
        ],
      },
    ],
  };
}
