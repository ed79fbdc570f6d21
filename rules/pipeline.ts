import type { RuleFile } from '../lib';
import { annotations, ITS_APP, type LogRuleProps } from './annotations';
import { afterFirstRead } from './first-read';
import { LOKI_APPS } from './own-apps';

/** The stack's programs that log logfmt. */
const OWN_APPS = `${LOKI_APPS}|promtail|alertmanager`;

/** The stack's programs that log JSON: the collectors of logs and of Kubernetes events. */
const OPEN_TELEMETRY = 'otel-log-collector|kubernetes-events';

/** Loki's message for refused lines. */
const REFUSED = 'write operation failed';

/** Regular expressions for the collectors' messages for dropped lines. */
const DROPPED_BY_PROMTAIL = 'final error sending batch.*';
const DROPPED_BY_OPEN_TELEMETRY = 'Exporting failed. Dropping data.*';

/** Props of `pipeline`. */
export interface PipelineProps extends LogRuleProps {
  /**
   * Namespaces of the stack, where others run an Alertmanager or a Loki too, as kube-prometheus-stack does: their pods
   * have the same label `app`.
   * @default none, programs of these names in any namespace
   */
  readonly namespaces?: readonly string[];
}

/**
 * Returns alerts for problems that the log pipeline itself logs. They compare fields rather than whole lines, so that a
 * program that quotes a rule in another field does not match.
 *
 * @example
 * const rules = [pipeline({ grafanaUrl: 'https://grafana.example.com', namespaces: ['logging', 'log-collector'] })];
 */
export function pipeline({ namespaces = [], ...props }: PipelineProps): RuleFile {
  const where = namespaces.length > 0 ? `namespace=~"${namespaces.join('|')}"` : 'job=~".+"';
  const ownLogs = `{${where}, app=~"${OWN_APPS}"}`;
  const openTelemetry = `{${where}, app=~"${OPEN_TELEMETRY}"}`;
  // Of either kind of program. The ruler logs each query as a field of a line, which these do not match.
  const itsLog = `{${where}, app=~"${OWN_APPS}|${OPEN_TELEMETRY}", ${ITS_APP}}`;
  const rulesNotLoaded = (matchers = '') =>
    `{${where}, app=~"${OWN_APPS}"${matchers}} | logfmt msg | msg="unable to list rules" | __error__=""`;
  const logsRefused = (matchers = '') =>
    `{${where}, app=~"${LOKI_APPS}"${matchers}} |= "${REFUSED}" | logfmt msg | msg="${REFUSED}" | __error__=""`;
  return {
    name: 'pipeline.yaml',
    groups: [
      {
        name: 'pipeline',
        rules: [
          {
            alert: 'RulesNotLoaded',
            // One unreadable file keeps Loki from loading all others, while it stays ready and no metric shows it.
            expr: `sum by (namespace, app) (count_over_time(${rulesNotLoaded()} [5m])) > 0`,
            labels: { severity: 'warning', team: 'devops', category: 'pipeline' },
            annotations: annotations(
              props,
              {
                title: 'Loki cannot load its rules',
                description: 'Failed attempts to read the rule files in five minutes: {{ $value | printf "%.0f" }}.',
                impact: 'Changed rules do not take effect, and after a restart none are loaded.',
                action: "Read Loki's log: it names the file. Run loki-alerts check on it, then apply dist again.",
              },
              { query: rulesNotLoaded(`, ${ITS_APP}`), within: '5m' },
            ),
          },
          {
            alert: 'LogsRefused',
            // Loki's line names the limit; it logs at most 1 KB per second of them. The collector's own line may be
            // among those that wait.
            expr: afterFirstRead(`sum by (namespace, app) (count_over_time(${logsRefused()} [5m])) > 0`),
            labels: { severity: 'warning', team: 'devops', category: 'pipeline' },
            annotations: annotations(
              props,
              {
                title: 'Loki refuses log lines',
                description: 'Refused writes that Loki logged in five minutes: {{ $value | printf "%.0f" }}.',
                impact:
                  'Lines above a rate limit are sent again and arrive late; lines that are too long or too old are lost.',
                action: "Read Loki's log: it names the limit, and often the stream.",
              },
              { query: logsRefused(`, ${ITS_APP}`), within: '5m' },
            ),
          },
          {
            alert: 'LogsDropped',
            // The collector has retried for an hour, or Loki refused the lines.
            expr: afterFirstRead(
              either(
                `${ownLogs} | logfmt msg | msg=~"${DROPPED_BY_PROMTAIL}"`,
                `${openTelemetry} | json msg | msg=~"${DROPPED_BY_OPEN_TELEMETRY}"`,
                0,
              ),
            ),
            labels: { severity: 'warning', team: 'devops', category: 'pipeline' },
            annotations: annotations(
              props,
              {
                title: 'Logs dropped by {{ $labels.app }}',
                description:
                  'Batches that {{ $labels.app }} failed to deliver in five minutes: {{ $value | printf "%.0f" }}.',
                impact: 'Log lines are lost, and alerts on them do not fire.',
                action:
                  "Read Loki's response in its log: a limit, lines that are too old, or a Loki that was unavailable.",
              },
              {
                query: `${itsLog} |~ \`(^| )msg="${DROPPED_BY_PROMTAIL}|"msg":"${DROPPED_BY_OPEN_TELEMETRY}\``,
                within: '5m',
              },
            ),
          },
          {
            alert: 'PipelineErrors',
            // A restart logs a few errors; a fault keeps logging them. Refused and dropped lines have alerts of their own.
            expr: either(
              `${ownLogs} | logfmt level, msg | level=~"(?i)error" | msg!~"${REFUSED}|${DROPPED_BY_PROMTAIL}"`,
              `${openTelemetry} | json level, msg | level="error" | msg!~"${DROPPED_BY_OPEN_TELEMETRY}"`,
              10,
            ),
            for: '5m',
            labels: { severity: 'warning', team: 'devops', category: 'pipeline' },
            annotations: annotations(
              props,
              {
                title: 'Errors in the log pipeline: {{ $labels.app }}',
                description: '{{ $labels.app }} logged {{ $value | printf "%.0f" }} errors in five minutes.',
                impact: 'Logs, and alerts on them, may be late or missing.',
                action: 'Read the errors, then check whether the pod has enough memory and disk.',
              },
              {
                query: `${itsLog} |~ \`(?i)(^| )level=error |"level":"error"\` !~ "${REFUSED}|${DROPPED_BY_PROMTAIL}|${DROPPED_BY_OPEN_TELEMETRY}"`,
                within: '10m',
              },
            ),
          },
        ],
      },
    ],
  };
}

/** Returns an expression for programs with more than `threshold` lines in five minutes, in logfmt or JSON. */
function either(logfmt: string, json: string, threshold: number): string {
  return [logfmt, json]
    .map((query) => `sum by (namespace, app) (count_over_time(${query} | __error__="" [5m])) > ${threshold}`)
    .join('\nor\n');
}
