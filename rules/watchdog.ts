import { CANARY_LINES, dashboardUrl, type Links, type RuleFile, runbookUrl } from '../lib';

/**
 * Returns a rule that fires as long as the canary's lines arrive: the option `heartbeat` calls a service outside for as
 * long as it does. When the collector, Loki, its ruler or Alertmanager is gone, the calls end, and the service notifies
 * people.
 *
 * @example
 * const links = { grafanaUrl: 'https://grafana.example.com' };
 * const options = { rules: [watchdog(links)], heartbeat: { webhookSecret: 'heartbeat' } };
 */
export function watchdog(links: Links): RuleFile {
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
            // As long as `NoLogsArriving` waits: lines that come a minute late are no reason to wake anybody.
            expr: `sum(count_over_time(${CANARY_LINES}[3m])) > 0`,
            labels: { severity: 'info', team: 'devops', category: 'pipeline' },
            annotations: {
              title: 'Alerts work',
              description: 'This alert fires as long as logs arrive; the heartbeat service hears of it.',
              impact: 'None. When it ends, no logs arrive, or no alert reaches anybody.',
              action: 'Nothing, while it fires.',
              dashboard: dashboardUrl(links),
              runbook: runbookUrl(links),
            },
          },
        ],
      },
    ],
  };
}
