import { type Links, logql, type RateAlert, type RuleFile } from '../lib';
import { annotations } from './annotations';
import { heldWhileLate } from './hold';

/** The rate of every app's log, as the rule compares it and the dashboard draws it. */
export const HIGH_LOG_RATE: RateAlert = {
  name: 'HighLogRate',
  rate: (selector) => rate(selector),
  // A busy service logs a few lines a second; past this, somebody should look.
  threshold: 60,
};

function rate(selector: string, offset = ''): string {
  return logql`sum by (namespace, app) (rate(${selector}[1m]${offset}))`;
}

/**
 * Returns a rule on apps that log far more than they should: it fills disks, hides other messages and costs money.
 *
 * @example
 * const rules = [highLogRate({ grafanaUrl: 'https://grafana.example.com' })];
 */
export function highLogRate(links: Links): RuleFile {
  const { name, threshold } = HIGH_LOG_RATE;
  return {
    name: 'high-log-rate.yaml',
    groups: [
      {
        name: 'rate-alerting',
        rules: [
          {
            alert: name,
            expr: heldWhileLate({
              expr: (offset) => `${rate('{job=~".+"}', offset)} > ${threshold}`,
              offsets: ['1m', '2m', '3m', '4m'],
            }),
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
