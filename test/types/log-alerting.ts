import type { Construct } from 'constructs';
import { LogAlerting, type LogAlertingProps, type RuleFile } from 'loki-alerts';
import { HIGH_LOG_RATE } from 'loki-alerts/rules';

declare const scope: Construct;
declare const rules: readonly RuleFile[];

const required = { rules, rateAlert: HIGH_LOG_RATE };
const grafana = { adminSecret: 'grafana-admin' };
const objectStorage = {
  endpoint: 'https://s3.example.com',
  region: 'us-east-1',
  bucket: 'logs',
  credentialsSecret: 'loki-object-storage',
};

// Valid options of each profile.
new LogAlerting(scope, 'a', required);
new LogAlerting(scope, 'a', { ...required, loki: { retention: '7d' }, demo: { rate: 10 } });
new LogAlerting(scope, 'a', { ...required, profile: 'single', grafana, loki: { retention: '30d', storage: '50Gi' } });
new LogAlerting(scope, 'a', {
  ...required,
  profile: 'distributed',
  grafana,
  loki: { objectStorage, replicas: { ingester: 6 }, zones: ['a', 'b', 'c'], limits: { max_query_series: 100 } },
});

// The profile discriminates the options.
export function zonesOf(props: LogAlertingProps): readonly string[] {
  return props.profile === 'distributed' ? (props.loki.zones ?? []) : [];
}

// @ts-expect-error required options are missing
new LogAlerting(scope, 'a', {});

// @ts-expect-error an unknown option
new LogAlerting(scope, 'a', { ...required, retention: '7d' });

// @ts-expect-error an unknown profile
new LogAlerting(scope, 'a', { ...required, profile: 'production', grafana });

// @ts-expect-error profile single requires a password for Grafana
new LogAlerting(scope, 'a', { ...required, profile: 'single' });

// @ts-expect-error access to Grafana without a password
new LogAlerting(scope, 'a', { ...required, profile: 'single', grafana: {} });

// @ts-expect-error a distributed Loki requires object storage
new LogAlerting(scope, 'a', { ...required, profile: 'distributed', grafana });

// @ts-expect-error a distributed Loki requires object storage, also with other options
new LogAlerting(scope, 'a', { ...required, profile: 'distributed', grafana, loki: { retention: '7d' } });

// @ts-expect-error a single Loki has no replicas
new LogAlerting(scope, 'a', { ...required, profile: 'single', grafana, loki: { replicas: { ingester: 3 } } });

// @ts-expect-error the demo's Loki has no replicas
new LogAlerting(scope, 'a', { ...required, loki: { replicas: { ingester: 3 } } });

// @ts-expect-error the demo's Loki has no object storage
new LogAlerting(scope, 'a', { ...required, profile: 'single', grafana, loki: { objectStorage } });

new LogAlerting(scope, 'a', {
  ...required,
  profile: 'distributed',
  grafana,
  // @ts-expect-error the compactor has no replicas
  loki: { objectStorage, replicas: { compactor: 2 } },
});

new LogAlerting(scope, 'a', {
  ...required,
  profile: 'distributed',
  grafana,
  // @ts-expect-error ingesters have no autoscaling
  loki: { objectStorage, autoscaling: { ingester: { minReplicas: 3, maxReplicas: 6 } } },
});

new LogAlerting(scope, 'a', {
  ...required,
  profile: 'distributed',
  grafana,
  // @ts-expect-error a bucket without a region
  loki: { objectStorage: { endpoint: 'https://s3.example.com', bucket: 'logs' } },
});

// @ts-expect-error a duration has a unit
new LogAlerting(scope, 'a', { ...required, loki: { retention: 30 } });

// @ts-expect-error a size has a unit
new LogAlerting(scope, 'a', { ...required, loki: { storage: 50 } });

// @ts-expect-error a limit has the type of Loki
new LogAlerting(scope, 'a', { ...required, loki: { limits: { max_query_series: '100' } } });

// @ts-expect-error the global retention is an option of its own
new LogAlerting(scope, 'a', { ...required, loki: { limits: { retention_period: '7d' } } });

// @ts-expect-error an unknown collector
new LogAlerting(scope, 'a', { ...required, collector: 'fluentbit' });

// @ts-expect-error a severity is a string
new LogAlerting(scope, 'a', { ...required, severities: [1, 2] });

// @ts-expect-error the alert on the dashboard has a threshold
new LogAlerting(scope, 'a', { ...required, rateAlert: { name: 'HighLogRate', rate: () => '' } });

// @ts-expect-error an unknown component
new LogAlerting(scope, 'a', { ...required, pods: { prometheus: { resources: { memory: '1Gi' } } } });

// @ts-expect-error an unknown setting of pods
new LogAlerting(scope, 'a', { ...required, pods: { grafana: { replicas: 2 } } });

// @ts-expect-error an image that is not part of the stack
new LogAlerting(scope, 'a', { ...required, images: { minio: 'minio/minio:1' } });

new LogAlerting(scope, 'a', {
  ...required,
  profile: 'single',
  // @ts-expect-error an Ingress without a certificate
  grafana: { adminSecret: 'a', ingress: { host: 'grafana.example.com', namespace: 'traefik' } },
});

// @ts-expect-error a tenant without namespaces
new LogAlerting(scope, 'a', { ...required, tenants: { shop: { rules } } });

// @ts-expect-error the namespace of Prometheus is required
new LogAlerting(scope, 'a', { ...required, monitoring: {} });
