/**
 * The distributed profile, made to fit a cluster of one node with two cores: one pod of each target, one copy of a line,
 * object storage inside. It proves that manifests, names, NetworkPolicies and rights are right, not that a pod may be lost.
 * README.md says how it is applied.
 */
import { App } from 'cdk8s';
import { LogAlerting } from '../../../lib';
import { errors, HIGH_LOG_RATE, highLogRate, noLogs, pipeline, RUNBOOK, silence } from '../../../rules';
import { scaledDown, scaledDownPods } from './scaled-down';

const links = { grafanaUrl: 'http://localhost:3000' };

const app = new App();
new LogAlerting(app, 'log-alerting', {
  profile: 'distributed',
  // The demo floods it, and its slack-inbox shows the message.
  demo: {},
  rateAlert: HIGH_LOG_RATE,
  runbook: RUNBOOK,
  rules: [highLogRate(links), errors(links), silence(links), pipeline(links), noLogs(links)],
  grafana: { adminSecret: 'grafana-admin' },
  loki: scaledDown,
  pods: scaledDownPods,
  alertmanager: { replicas: 1 },
  // As in the demo: what is waited for here should come at once.
  routing: { groupWait: '1s', groupInterval: '30s', repeatInterval: '5m' },
});
app.synth();
