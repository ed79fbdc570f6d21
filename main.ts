import { App } from 'cdk8s';
import { LogAlerting } from './lib';
import { HIGH_LOG_RATE, highLogRate } from './rules/high-log-rate';

const grafanaUrl = 'http://localhost:3000';

const app = new App();
new LogAlerting(app, 'log-alerting', {
  grafanaUrl,
  rateAlert: HIGH_LOG_RATE,
  rules: [highLogRate({ grafanaUrl })],
  // A real Slack: make the Secret (see README) and write
  // slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
});
app.synth();
