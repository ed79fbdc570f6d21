import { App } from 'cdk8s';
import { LogAlerting } from 'loki-alerts';
import {
  errors,
  HIGH_LOG_RATE,
  highLogRate,
  kubernetesEvents,
  noLogs,
  pipeline,
  RUNBOOK,
  silence,
  watchdog,
} from 'loki-alerts/rules';

const GRAFANA_HOST = 'grafana.example.com';

/** Targets of the links in messages. */
const links = { grafanaUrl: `https://${GRAFANA_HOST}` };

const app = new App();
new LogAlerting(app, 'log-alerting', {
  // Loki's targets scale and fail independently; one of three Alertmanagers may be down.
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
    kubernetesEvents(links),
  ],
  // Out of memory, crash loops, pods that do not start.
  kubernetesEvents: true,
  // A real Slack, and a password for Grafana.
  slack: { webhookSecret: 'slack-webhook', channel: '#alerts' },
  // Reports that alerts can no longer be sent.
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
  // Logs are in object storage, not on disks of the cluster.
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
  // Reminders twice a day instead of every four hours.
  routing: { repeatInterval: '12h' },
  // kube-prometheus-stack scrapes the stack, and alerts when Loki is down.
  monitoring: {
    namespace: 'monitoring',
    labels: { release: 'kube-prometheus-stack' },
    prometheusUrl: 'http://prometheus-operated.monitoring.svc:9090',
  },
});
app.synth();
