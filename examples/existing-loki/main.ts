import { App } from 'cdk8s';
import { LogAlerting } from 'loki-alerts';
import { errors, HIGH_LOG_RATE, highLogRate, noLogs, RUNBOOK } from 'loki-alerts/rules';

/** URL of Grafana, behind an Ingress or gateway of your own that routes to Service `grafana`, port 3000. */
const links = { grafanaUrl: 'https://grafana.example.com' };

const app = new App();
new LogAlerting(app, 'log-alerting', {
  ...links,
  // The Loki of the Helm chart in namespace `loki`, whose sidecar reads the rules, and whose collector sends the logs.
  loki: {
    external: {
      url: 'http://loki-gateway.loki.svc',
      tenant: 'ops',
      basicAuthSecret: 'loki-auth',
      rules: { as: 'configmap', namespace: 'loki' },
    },
  },
  rateAlert: HIGH_LOG_RATE,
  runbook: RUNBOOK,
  rules: [highLogRate(links), errors(links), noLogs(links)],
  slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
  grafana: { adminSecret: 'grafana-admin' },
});
app.synth();
