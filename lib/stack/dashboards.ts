import { EVENT_LINES } from '../collector/kubernetes-events/fields';
import { SLACK_INBOX } from '../demo/slack-inbox';
import { logAlertingDashboard } from '../grafana/dashboard';
import type { MonitoredPipeline } from '../monitoring/pipeline-alerts';
import { pipelineDashboard } from '../monitoring/pipeline-dashboard';
import { PIPELINE_RUNBOOK } from '../monitoring/runbook';
import type { Stack } from './resolve';

/** Returns Grafana's dashboards, by file name; that of the pipeline requires a Prometheus. */
export function stackDashboards(
  { grafana, demo, monitoring, kubernetesEvents, collector: { eventLog } }: Stack,
  pipeline: MonitoredPipeline,
): Record<string, object> {
  const { ruler, compactor, collector } = pipeline;
  const runbook = [grafana.runbook, monitoring && PIPELINE_RUNBOOK].filter(Boolean).join('\n');
  return {
    'log-alerting.json': logAlertingDashboard({
      alert: grafana.rateAlert,
      runbook: monitoring ? runbook : grafana.runbook,
      eventLog,
      slackInbox: demo?.slackInbox ? `{namespace="${demo.namespace}", app="${SLACK_INBOX}"}` : undefined,
      events: kubernetesEvents ? EVENT_LINES : undefined,
    }),
    ...(pipeline.dashboard && ruler && compactor && collector
      ? { 'log-pipeline.json': pipelineDashboard({ ...pipeline, ruler, compactor, collector }) }
      : {}),
  };
}
