import type { Links, RuleFile } from '../lib';
import { annotations } from './annotations';
import { LOKI_APPS } from './own-apps';

/** The stack's own programs whose lines are logfmt. */
const OWN_APPS = `${LOKI_APPS}|promtail|alertmanager`;

/** The one of them whose lines are JSON. */
const OPEN_TELEMETRY = 'otel-log-collector';

/** Props of `pipeline`. */
export interface PipelineProps extends Links {
  /**
   * Namespaces of the stack, where others run an Alertmanager or a Loki too, as kube-prometheus-stack does: their pods
   * have the same label `app`.
   * @default none, programs of these names in any namespace
   */
  readonly namespaces?: readonly string[];
}

/**
 * Returns rules on trouble of the log pipeline itself, as far as it can be seen in its logs. Fields are compared, never
 * the line as a whole: a program that quotes a rule's text in another field does not match.
 *
 * @example
 * const rules = [pipeline({ grafanaUrl: 'https://grafana.example.com', namespaces: ['logging', 'log-collector'] })];
 */
export function pipeline({ namespaces = [], ...links }: PipelineProps): RuleFile {
  const where = namespaces.length > 0 ? `namespace=~"${namespaces.join('|')}"` : 'job=~".+"';
  const ownLogs = `{${where}, app=~"${OWN_APPS}"}`;
  const openTelemetry = `{${where}, app="${OPEN_TELEMETRY}"}`;
  return {
    name: 'pipeline.yaml',
    groups: [
      {
        name: 'pipeline',
        rules: [
          {
            alert: 'RulesNotLoaded',
            // One file that Loki can't read keeps it from loading all others, while it stays ready and no metric tells.
            expr: `sum by (namespace, app) (count_over_time(${ownLogs} | logfmt msg | msg="unable to list rules" | __error__="" [5m])) > 0`,
            labels: { severity: 'warning', team: 'devops', category: 'pipeline' },
            annotations: annotations(links, {
              title: 'Loki does not load its rules',
              description: 'Loki failed {{ $value | printf "%.0f" }} times in five minutes to read its rule files.',
              impact: 'Changed alerts do not take effect; after a restart there are none at all.',
              action: "Read Loki's line: it names the file. Check it with loki-alerts check, and apply dist again.",
            }),
          },
          {
            alert: 'LogsRefused',
            // Loki names the limit and says no more than 1 KB a second of it. A collector's own line may be among those
            // that wait.
            expr: `sum by (namespace, app) (count_over_time({${where}, app=~"${LOKI_APPS}"} |= "write operation failed" | logfmt msg | msg="write operation failed" | __error__="" [5m])) > 0`,
            labels: { severity: 'warning', team: 'devops', category: 'pipeline' },
            annotations: annotations(links, {
              title: 'Loki refuses log lines',
              description: 'Loki refused lines {{ $value | printf "%.0f" }} times in five minutes.',
              impact: 'Lines above a rate are sent again and come late; lines that are too long or too old are lost.',
              action: "Read Loki's line: it names the limit, and often the stream.",
            }),
          },
          {
            alert: 'LogsDropped',
            // The collector has tried for an hour, or Loki refused them; the lines of this batch are lost.
            expr: either(
              `${ownLogs} | logfmt msg | msg=~"final error sending batch.*"`,
              `${openTelemetry} | json msg | msg=~"Exporting failed. Dropping data.*"`,
              0,
            ),
            labels: { severity: 'warning', team: 'devops', category: 'pipeline' },
            annotations: annotations(links, {
              title: 'Logs are dropped by {{ $labels.app }}',
              description: '{{ $labels.app }} gave up {{ $value | printf "%.0f" }} batches in five minutes.',
              impact: 'Log lines are missing, and alerts on them do not fire.',
              action:
                "Read its line for Loki's answer: a limit, lines that are too old, or Loki was away for too long.",
            }),
          },
          {
            alert: 'PipelineErrors',
            // A restart gives a few; a fault goes on.
            expr: either(
              `${ownLogs} | logfmt level | level=~"(?i)error"`,
              `${openTelemetry} | json level | level="error"`,
              10,
            ),
            for: '5m',
            labels: { severity: 'warning', team: 'devops', category: 'pipeline' },
            annotations: annotations(links, {
              title: 'Errors in the log pipeline: {{ $labels.app }}',
              description: '{{ $labels.app }} logged {{ $value | printf "%.0f" }} errors in five minutes.',
              impact: 'Logs may be late or missing, and alerts with them.',
              action: 'Read the errors; see whether its pod has enough memory and disk.',
            }),
          },
        ],
      },
    ],
  };
}

/** More than `threshold` lines in five minutes of the one or of the other kind, by program. */
function either(logfmt: string, json: string, threshold: number): string {
  return [logfmt, json]
    .map((query) => `sum by (namespace, app) (count_over_time(${query} | __error__="" [5m])) > ${threshold}`)
    .join('\nor\n');
}
