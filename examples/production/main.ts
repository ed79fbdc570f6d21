import { App } from 'cdk8s';
import { LogAlerting } from 'loki-alerts';
import { errors, HIGH_LOG_RATE, highLogRate, noLogs, pipeline, RUNBOOK, silence, watchdog } from 'loki-alerts/rules';

const GRAFANA_HOST = 'grafana.example.com';

/** What messages link to: where people open Grafana. */
const links = { grafanaUrl: `https://${GRAFANA_HOST}` };

const app = new App();
new LogAlerting(app, 'log-alerting', {
  // Each part of Loki scales and fails by itself; of three Alertmanagers one may be down.
  profile: 'distributed',
  ...links,
  alertmanagerUrl: 'https://alertmanager.example.com',
  rateAlert: HIGH_LOG_RATE,
  runbook: RUNBOOK,
  rules: [
    highLogRate(links),
    errors(links),
    silence(links),
    noLogs(links),
    pipeline({ ...links, namespaces: ['logging', 'log-collector'] }),
    watchdog(links),
  ],
  // Real messages, and Grafana asks who is there.
  slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
  // Tells people when nothing else of this can.
  heartbeat: { webhookSecret: 'heartbeat' },
  grafana: {
    adminSecret: 'grafana-admin',
    ingress: {
      host: GRAFANA_HOST,
      namespace: 'traefik',
      className: 'traefik',
      tlsSecret: 'grafana-tls',
      annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' },
    },
  },
  // Logs outlive every disk of the cluster.
  loki: {
    retention: '90d',
    objectStorage: {
      endpoint: 'https://s3.example.com',
      region: 'us-east-1',
      bucket: 'example-loki',
      credentialsSecret: 'loki-object-storage',
    },
    replicas: { ingester: 3, querier: 3 },
    storage: '20Gi',
  },
  // People are told once and reminded twice a day, not every four hours.
  routing: { repeatInterval: '12h' },
  // kube-prometheus-stack scrapes it, and alerts on what no log can tell: that Loki is gone.
  monitoring: {
    namespace: 'monitoring',
    labels: { release: 'kube-prometheus-stack' },
    prometheusUrl: 'http://prometheus-operated.monitoring.svc:9090',
  },
});
app.synth();
