import { CANARY_LINES, dashboardUrl, evaluatedRange, exploreUrl, type Links, type RuleFile, runbookUrl } from '../lib';

/**
 * Returns an alert for logs that no longer arrive, because the collector is gone or Loki refuses lines, as with a full
 * disk. Loki still evaluates rules then. The heartbeat covers the case that it does not.
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
        // It reads next to nothing, and must be sent before other alerts resolve for lack of logs (rules/hold.ts).
        interval: '15s',
        rules: [
          {
            alert: 'NoLogsArriving',
            // A new installation still pulls images: only a canary that has logged can be missing. It logs six lines a
            // minute.
            expr: [
              `sum(count_over_time(${CANARY_LINES}[1d])) > 0`,
              `unless sum(count_over_time(${CANARY_LINES}[1m]))`,
            ].join('\n'),
            // A collector may restart, or wait a minute before it retries.
            for: '2m',
            labels: { severity: 'critical', team: 'devops', category: 'pipeline' },
            annotations: {
              title: 'No logs arrive',
              description: 'No line from the log canary has arrived for three minutes.',
              impact: 'Alerts on logs do not fire, and alerts may resolve only because their lines are missing.',
              action:
                "If other logs arrive, check the collector on the canary's node; if not, check Loki's pod and disk.",
              dashboard: dashboardUrl(links),
              runbook: runbookUrl(links),
              // The last lines that did arrive.
              logurl: exploreUrl({ ...links, expr: CANARY_LINES, range: evaluatedRange('1h') }),
            },
            waive: [{ check: 'route-catch-all-only', reason: 'the root receiver handles critical alerts' }],
          },
        ],
      },
    ],
  };
}
