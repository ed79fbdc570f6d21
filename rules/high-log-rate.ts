import { logql, type RateAlert, type RuleFile } from '../lib';
import { annotations, type Links } from './annotations';

/** The rate of every app's log, as the rule compares it and the dashboard draws it. */
export const HIGH_LOG_RATE: RateAlert = {
  name: 'HighLogRate',
  rate: (selector) => logql`sum by (namespace, app) (rate(${selector}[1m]))`,
  // A busy service logs a few lines a second; past this, somebody should look.
  threshold: 60,
};

/** An app that logs far more than it should: it fills disks, hides other messages and costs money. */
export function highLogRate(links: Links): RuleFile {
  const { name, rate, threshold } = HIGH_LOG_RATE;
  return {
    name: 'high-log-rate.yaml',
    groups: [
      {
        name: 'rate-alerting',
        rules: [
          {
            alert: name,
            expr: logql`${rate('{job=~".+"}')} > ${threshold}`,
            // A deployment that is noisy while it starts is no flood.
            for: '1m',
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: annotations(links, {
              title: 'High log rate: {{ $labels.namespace }}/{{ $labels.app }}',
              description:
                '{{ $labels.app }} in namespace {{ $labels.namespace }} logs {{ $value | printf "%.0f" }} lines per second.',
              impact: 'Log storage fills, and messages of other apps drown in the flood.',
              action: 'Look at what it logs; stop the cause, or scale the app down.',
            }),
          },
        ],
      },
    ],
  };
}
