import { App } from 'cdk8s';
import { LogAlerting } from 'loki-alerts';
import {
  errors,
  HIGH_LOG_RATE,
  highLogRate,
  kubernetesEvents,
  newErrors,
  noLogs,
  pipeline,
  RUNBOOK,
  silence,
} from 'loki-alerts/rules';

/** URL of Grafana, behind an Ingress or gateway of your own that routes to Service `grafana`, port 3000. */
const links = { grafanaUrl: 'https://grafana.example.com' };

const app = new App();
new LogAlerting(app, 'log-alerting', {
  profile: 'single',
  ...links,
  alertmanagerUrl: 'https://alertmanager.example.com',
  rateAlert: HIGH_LOG_RATE,
  runbook: RUNBOOK,
  rules: [
    highLogRate(links),
    errors(links),
    newErrors(links),
    silence(links),
    noLogs(links),
    pipeline(links),
    kubernetesEvents(links),
  ],
  // Out of memory, crash loops, pods that do not start.
  kubernetesEvents: true,
  // A real Slack, and a password for Grafana.
  slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
  grafana: { adminSecret: 'grafana-admin' },
  loki: { retention: '30d', storage: '50Gi' },
  // Reminders twice a day instead of every four hours.
  routing: { repeatInterval: '12h' },
});
app.synth();
