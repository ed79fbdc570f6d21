import type { RuleFile } from '../lib';
import { annotations, type Links } from './annotations';

/** The stack's own programs. */
const OWN_APPS = 'loki|promtail|alertmanager';

/**
 * Trouble of the log pipeline itself, as far as it can be seen in its logs. Fields are compared, never the line as a
 * whole: a program that quotes a rule's text in another field does not match.
 * @param ownApps regular expression for the label `app` of the stack's programs; those of a distributed Loki are `loki-.+`
 */
export function pipeline(links: Links, ownApps = OWN_APPS): RuleFile {
  // Their lines are logfmt.
  const ownLogs = `{job=~".+", app=~"${ownApps}"}`;
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
            alert: 'LogsDropped',
            // Promtail has tried for an hour; the lines of this batch are lost.
            expr: `sum by (namespace, app) (count_over_time(${ownLogs} | logfmt msg | msg=~"final error sending batch.*" | __error__="" [5m])) > 0`,
            labels: { severity: 'warning', team: 'devops', category: 'pipeline' },
            annotations: annotations(links, {
              title: 'Promtail drops logs',
              description: 'Promtail gave up {{ $value | printf "%.0f" }} batches in five minutes.',
              impact: 'Log lines are missing, and alerts on them do not fire.',
              action: "Read Promtail's line for Loki's answer: a limit, or Loki was away for too long.",
            }),
          },
          {
            alert: 'PipelineErrors',
            // A restart gives a few; a fault goes on.
            expr: `sum by (namespace, app) (count_over_time(${ownLogs} | logfmt level | level=~"(?i)error" | __error__="" [5m])) > 10`,
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
