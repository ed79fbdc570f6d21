import { App } from 'cdk8s';
import { allowFlows, denyAll, gotifyReceiver, LogAlerting, NamespacedChart } from 'loki-alerts';
import { errors, HIGH_LOG_RATE, highLogRate, newErrors, noLogs, pipeline, RUNBOOK, silence } from 'loki-alerts/rules';
import { GotifyServer } from './gotify';

const links = { grafanaUrl: 'http://localhost:3000' };

const app = new App();

const chat = new NamespacedChart(app, 'gotify', { podSecurity: 'restricted' });
const gotify = new GotifyServer(chat, 'gotify', { adminSecret: 'gotify-admin' });
denyAll(chat);
// Only the stack may post messages. Users connect by port-forward, or through an Ingress that needs another flow.
allowFlows([gotify], [{ from: { namespace: 'logging' }, to: gotify, port: 'http' }]);

new LogAlerting(app, 'log-alerting', {
  ...links,
  rules: [highLogRate(links), errors(links), newErrors(links), silence(links), noLogs(links), pipeline(links)],
  rateAlert: HIGH_LOG_RATE,
  runbook: RUNBOOK,
  alertmanager: { secrets: ['gotify'] },
  routing: {
    // Every alert goes to Gotify, and also to the demo's slack-inbox.
    routes: [{ matchers: ['alertname!=""'], receiver: 'gotify', continue: true }],
    receivers: [gotifyReceiver({ name: 'gotify', url: gotify.url('http'), tokenSecret: 'gotify' })],
  },
});
app.synth();
