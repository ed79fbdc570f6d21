import { CANARY_LINES, dashboardUrl, type Links, type RuleFile, runbookUrl } from '../lib';

/**
 * Returns an alert that fires as long as the canary's lines arrive. Meanwhile, the option `heartbeat` calls an external
 * service. When the collector, Loki, its ruler or Alertmanager is gone, the calls stop and the service notifies people.
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
        // As often as the service is called. A longer interval would only delay the notification.
        interval: '1m',
        rules: [
          {
            alert: 'Watchdog',
            // As long as `NoLogsArriving` waits, so that lines that are a minute late do not end it.
            expr: `sum(count_over_time(${CANARY_LINES}[3m])) > 0`,
            labels: { severity: 'info', team: 'devops', category: 'pipeline' },
            annotations: {
              title: 'Alerting works',
              description: 'Fires as long as logs arrive, so that the heartbeat service raises no alarm.',
              impact: 'None. When it stops, no logs arrive or no alert can be delivered.',
              action: 'None while it fires.',
              dashboard: dashboardUrl(links),
              runbook: runbookUrl(links),
            },
          },
        ],
      },
    ],
  };
}
