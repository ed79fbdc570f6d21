import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { AnnotationQuery, DataSourceRef } from '@grafana/grafana-foundation-sdk/dashboard';
import type { EventLog } from '../collector/event-log';

/** A panel with lines of the history. */
export interface HistoryPanel {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  /** LogQL. */
  readonly expr: string;
}

const selector = ({ namespace, app }: EventLog, stream: string) =>
  `{namespace="${namespace}", app="${app}", stream="${stream}"}`;

/**
 * Of several Alertmanagers, each records alerts and what mutes them, and only the first one's events are shown.
 * Notifications are recorded by the one that sent them.
 */
const OF_FIRST = '| position=""';

/** Returns panels with the notifications, what was muted, and failed notifications. */
export function historyPanels(eventLog: EventLog): HistoryPanel[] {
  const events = selector(eventLog, 'stdout');
  const notification = 'data.notification';
  const muted = 'data.silenceMutedAlert';
  const inhibited = 'data.inhibitionMutedAlert';
  return [
    {
      id: 8,
      title: 'Notifications',
      description: 'Notifications that were delivered: receiver, integration, the labels of the group, and the reason.',
      expr: [
        `${events} |= "\\"notification\\":"`,
        `| json receiver="${notification}.groupInfo.receiverName", integration="${notification}.integration.name",`,
        `group="${notification}.groupInfo.groupLabels", reason="${notification}.reason",`,
        `firing="${notification}.firingAlerts" | __error__=""`,
        '| line_format "{{ if .firing }}FIRING{{ else }}RESOLVED{{ end }} to {{ .receiver }} ({{ .integration }}):',
        '{{ .group }} {{ .reason | replace \\"NOTIFY_REASON_\\" \\"\\" | lower | replace \\"_\\" \\" \\" }}"',
        '| drop receiver, integration, group, reason, firing',
      ].join(' '),
    },
    {
      id: 9,
      title: 'Silenced and inhibited',
      description: 'Alerts that a silence or an inhibition rule muted, and silences that were created or changed.',
      expr: [
        `${events} |~ "\\"(silenceCreated|silenceUpdated|silenceMutedAlert|inhibitionMutedAlert)\\":"`,
        `| json position="clusterPosition", created="data.silenceCreated.silence", changed="data.silenceUpdated.silence",`,
        `silenced="${muted}.mutedAlert.labels", creator="${muted}.silence.createdBy", comment="${muted}.silence.comment",`,
        `inhibited="${inhibited}.mutedAlert.labels", rule="${inhibited}.inhibitRules[0].name" | __error__=""`,
        // The Alertmanager that received a silence is the only one that records it.
        '| position="" or created!="" or changed!=""',
        '| line_format "{{ if .silenced }}silenced by {{ .creator }} ({{ .comment }}): {{ .silenced }}',
        '{{ else if .inhibited }}inhibited by {{ .rule }}: {{ .inhibited }}',
        '{{ else }}{{ with fromJson (or .created .changed) }}silence of {{ .createdBy }}',
        '({{ .comment }}) until',
        '{{ .endsAt }}:{{ range .matchers }} {{ .rendered }}{{ end }}{{ end }}{{ end }}"',
        '| drop position, created, changed, silenced, creator, comment, inhibited, rule',
      ].join(' '),
    },
    {
      id: 10,
      title: 'Failed notifications',
      description: "Notifications that could not be delivered, from Alertmanager's log.",
      expr: [
        `${selector(eventLog, 'stderr')} |= "Notify failed"`,
        '| logfmt msg, receiver, integration, aggrGroup, err | msg="Notify failed" | __error__=""',
        '| line_format "to {{ .receiver }} ({{ .integration }}): {{ .aggrGroup }} {{ .err }}"',
        '| drop msg, receiver, integration, aggrGroup, err',
      ].join(' '),
    },
  ];
}

/** Returns the annotations of the chosen apps' alerts: when each fired and was resolved. */
export function alertAnnotations(eventLog: EventLog, datasource: DataSourceRef): Builder<AnnotationQuery>[] {
  const annotation = (name: string, iconColor: string, event: string, alert: string): Builder<AnnotationQuery> => {
    const labels = `data.${event}.${alert}.labels`;
    const query: AnnotationQuery = {
      name,
      iconColor,
      datasource,
      enable: true,
      titleFormat: '{{alert}} {{severity}}: {{alert_namespace}}/{{alert_app}}',
      expr: [
        `${selector(eventLog, 'stdout')} |= "\\"${event}\\":"`,
        `| json position="clusterPosition", alert="${labels}.alertname", severity="${labels}.severity",`,
        `alert_namespace="${labels}.namespace", alert_app="${labels}.app" | __error__="" ${OF_FIRST}`,
        // An alert without these labels concerns all apps.
        '| alert_namespace=~"($namespace)?" | alert_app=~"($app)?"',
        '| line_format "{{ .alert }} {{ .severity }} {{ .alert_namespace }}/{{ .alert_app }}"',
      ].join(' '),
    };
    return { build: () => query };
  };
  return [
    annotation('Firing alerts', 'red', 'alertCreated', 'alert'),
    annotation('Resolved alerts', 'green', 'alertResolved', 'alert.details'),
  ];
}
