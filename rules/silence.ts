import type { RuleFile } from '../lib';
import { annotations, type Links } from './annotations';

/** An app that logged all the time and logs no more: it hangs, or nothing reaches it. */
export function silence(links: Links): RuleFile {
  return {
    name: 'silence.yaml',
    groups: [
      {
        name: 'silence',
        rules: [
          {
            alert: 'LogSilence',
            // A stream without lines has no value to compare with zero, so what was there before is asked for and what is
            // there now taken away. One line a second: apps that seldom log are not silent, they are quiet.
            expr: [
              'sum by (namespace, app) (rate({job=~".+"}[1h] offset 10m)) > 1',
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
