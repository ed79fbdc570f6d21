import { logql, type RateAlert, type RuleFile } from '../lib';
import { annotations, ITS_APP, type LogRuleProps } from './annotations';
import { heldWhileLate } from './hold';

/** The rate of each app's log, which the rule compares and the dashboard draws. */
export const HIGH_LOG_RATE: RateAlert = {
  name: 'HighLogRate',
  rate: (selector) => rate(selector),
  // A busy service logs a few lines per second.
  threshold: 60,
};

function rate(selector: string, offset = ''): string {
  return logql`sum by (namespace, app) (rate(${selector}[1m]${offset}))`;
}

/**
 * Returns an alert for an app whose log floods the storage and buries the messages of others.
 *
 * @example
 * const rules = [highLogRate({ grafanaUrl: 'https://grafana.example.com' })];
 */
export function highLogRate(props: LogRuleProps): RuleFile {
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
            // An app that is only noisy while it starts does not fire.
            for: '1m',
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: annotations(
              props,
              {
                title: 'High log rate: {{ $labels.namespace }}/{{ $labels.app }}',
                description:
                  '{{ $labels.app }} in namespace {{ $labels.namespace }} logs {{ $value | printf "%.0f" }} lines per second.',
                impact: 'The flood fills the log storage and buries the messages of other apps.',
                action: 'Check what the app logs, then fix the cause or scale the app down.',
              },
              { query: `{${ITS_APP}, job=~".+"}`, range: '1m', within: '2m' },
            ),
          },
        ],
      },
    ],
  };
}
