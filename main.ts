import { App } from 'cdk8s';
import { LogAlerting } from 'loki-alerts';
import { errors, HIGH_LOG_RATE, highLogRate, newErrors, noLogs, pipeline, RUNBOOK, silence } from 'loki-alerts/rules';

const links = { grafanaUrl: 'http://localhost:3000' };

const app = new App();
new LogAlerting(app, 'log-alerting', {
  ...links,
  rules: [highLogRate(links), errors(links), newErrors(links), silence(links), noLogs(links), pipeline(links)],
  rateAlert: HIGH_LOG_RATE,
  runbook: RUNBOOK,
  // For a real Slack, create the Secret (see README.md) and add:
  // slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
});
app.synth();
