import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardUrl, logql, type RateAlert, type RuleFile, runbookUrl } from '../lib';

/** The rate of every app's log, as the rule compares it and the dashboard draws it. */
export const HIGH_LOG_RATE: RateAlert = {
  name: 'HighLogRate',
  rate: (selector) => logql`sum by (namespace, app) (rate(${selector}[1m]))`,
  // A busy service logs a few lines a second; past this, somebody should look.
  threshold: 60,
  runbook: readFileSync(join(__dirname, 'high-log-rate.md'), 'utf8'),
};

export interface HighLogRateProps {
  /** Base URL of Grafana as people open it; the message links the dashboard. */
  readonly grafanaUrl: string;
}

/** An app that logs far more than it should: it fills disks, hides other messages and costs money. */
export function highLogRate({ grafanaUrl }: HighLogRateProps): RuleFile {
  const { name, rate, threshold } = HIGH_LOG_RATE;
  return {
    name: 'high-log-rate.yaml',
    groups: [
      {
        name: 'rate-alerting',
        rules: [
          {
            alert: name,
            expr: logql`${rate('{namespace=~".+"}')} > ${threshold}`,
            // A deployment that is noisy while it starts is no flood.
            for: '30s',
            labels: { severity: 'warning', team: 'devops', category: 'logs' },
            annotations: {
              title: 'High log rate: {{ $labels.namespace }}/{{ $labels.app }}',
              description:
                '{{ $labels.app }} in namespace {{ $labels.namespace }} logs {{ $value | printf "%.0f" }} lines per second.',
              impact: 'Log storage fills, and messages of other apps drown in the flood.',
              action: 'Look at what it logs; stop the cause, or scale the app down.',
              dashboard: dashboardUrl(grafanaUrl),
              runbook: runbookUrl(grafanaUrl),
            },
          },
        ],
      },
    ],
  };
}
