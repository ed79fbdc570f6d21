import type { RuleFile } from '../lib';
import { dashboardUrl, runbookUrl } from '../lib';
import type { Links } from './annotations';

/**
 * Always fires: the option `heartbeat` calls a service outside for as long as it does. When the ruler, Loki or
 * Alertmanager is gone, the calls end, and the service tells people.
 */
export function watchdog({ grafanaUrl }: Links): RuleFile {
  return {
    name: 'watchdog.yaml',
    groups: [
      {
        name: 'watchdog',
        // As often as the service is called; a slower ruler would change nothing but how late a stop is seen.
        interval: '1m',
        rules: [
          {
            alert: 'Watchdog',
            // No log is read: it tells of Loki and Alertmanager, not of what apps log.
            expr: 'vector(1)',
            labels: { severity: 'info', team: 'devops', category: 'pipeline' },
            annotations: {
              title: 'Alerts work',
              description: 'This alert always fires; the heartbeat service hears of it.',
              impact: 'None. When it ends, no other alert reaches anybody.',
              action: 'Nothing, while it fires.',
              dashboard: dashboardUrl(grafanaUrl),
              runbook: runbookUrl(grafanaUrl),
            },
            waive: [
              { check: 'no-comparison', reason: 'it fires as long as rules are evaluated, which is its purpose' },
            ],
          },
        ],
      },
    ],
  };
}
