/**
 * The distributed profile, scaled down to a cluster of one node with two cores: one pod per target, replication factor
 * 1, object storage in the cluster. It tests manifests, names, NetworkPolicies and permissions, not the loss of a pod.
 * See README.md for how to apply it.
 */
import { App } from 'cdk8s';
import { LogAlerting } from '../../../lib';
import { errors, HIGH_LOG_RATE, highLogRate, noLogs, pipeline, RUNBOOK, silence } from '../../../rules';
import { scaledDown, scaledDownPods } from './scaled-down';

const links = { grafanaUrl: 'http://localhost:3000' };

const app = new App();
new LogAlerting(app, 'log-alerting', {
  profile: 'distributed',
  // For the flood, and the slack-inbox with the message.
  demo: {},
  rateAlert: HIGH_LOG_RATE,
  runbook: RUNBOOK,
  rules: [highLogRate(links), errors(links), silence(links), pipeline(links), noLogs(links)],
  grafana: { adminSecret: 'grafana-admin' },
  loki: scaledDown,
  pods: scaledDownPods,
  alertmanager: { replicas: 1 },
  // As in the demo: notifications without delay.
  routing: { groupWait: '1s', groupInterval: '30s', repeatInterval: '5m' },
});
app.synth();
