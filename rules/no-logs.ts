import { CANARY_LINES, dashboardUrl, exploreUrl, type Links, type RuleFile, runbookUrl } from '../lib';

/**
 * Returns a rule on logs that no longer arrive: a collector is gone, or Loki refuses lines, as with a full disk. Loki can
 * report that itself, for it still evaluates rules. That it does not is for the heartbeat.
 *
 * @example
 * const rules = [noLogs({ grafanaUrl: 'https://grafana.example.com' })];
 */
export function noLogs(links: Links): RuleFile {
  return {
    name: 'no-logs.yaml',
    groups: [
      {
        name: 'no-logs',
        // It reads next to nothing, and must be sent before other alerts end for lack of logs (rules/hold.ts).
        interval: '15s',
        rules: [
          {
            alert: 'NoLogsArriving',
            // Only what was there can be missed: a new installation waits for images. Six lines are due in the minute.
            expr: [
              `sum(count_over_time(${CANARY_LINES}[1d])) > 0`,
              `unless sum(count_over_time(${CANARY_LINES}[1m]))`,
            ].join('\n'),
            // A collector that restarts, or waits a minute to try Loki again, is no reason to wake anybody.
            for: '2m',
            labels: { severity: 'critical', team: 'devops', category: 'pipeline' },
            annotations: {
              title: 'No logs arrive',
              description: 'No line of the log canary has arrived for three minutes.',
              impact: 'Alerts on logs do not fire, and those that end may end only because their lines are missing.',
              action:
                "See whether other logs arrive. If none do: Loki's pod and disk; else: the collector on the canary's node.",
              dashboard: dashboardUrl(links),
              runbook: runbookUrl(links),
              logurl: exploreUrl({ ...links, expr: CANARY_LINES }),
            },
            waive: [{ check: 'route-catch-all-only', reason: "the stack's own routes leave critical alerts to it" }],
          },
        ],
      },
    ],
  };
}
