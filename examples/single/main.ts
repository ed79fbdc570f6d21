import { App } from 'cdk8s';
import { LogAlerting } from 'loki-alerts';
import { errors, HIGH_LOG_RATE, highLogRate, noLogs, pipeline, RUNBOOK, silence } from 'loki-alerts/rules';

/** Where people open Grafana: an Ingress or a gateway of the cluster's own leads to service `grafana`, port 3000. */
const links = { grafanaUrl: 'https://grafana.example.com' };

const app = new App();
new LogAlerting(app, 'log-alerting', {
  profile: 'single',
  ...links,
  alertmanagerUrl: 'https://alertmanager.example.com',
  rateAlert: HIGH_LOG_RATE,
  runbook: RUNBOOK,
  rules: [highLogRate(links), errors(links), silence(links), noLogs(links), pipeline(links)],
  // Real messages, and Grafana asks who is there.
  slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
  grafana: { adminSecret: 'grafana-admin' },
  loki: { retention: '30d', storage: '50Gi' },
  // People are told once and reminded twice a day, not every four hours.
  routing: { repeatInterval: '12h' },
});
app.synth();
