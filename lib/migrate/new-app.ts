import type { Profile } from '../stack/profiles';
import { ALERTMANAGER_URL, GRAFANA_ADMIN, GRAFANA_URL, SLACK_WEBHOOK } from './app';
import { projectFiles } from './project';

/** Secret of the object storage, with the keys that `ObjectStorage` lists. */
const OBJECT_STORAGE = 'loki-object-storage';

/** Address and namespace of a Loki that exists, which the user replaces. */
const LOKI_URL = 'http://loki-gateway.loki.svc';
const LOKI_NAMESPACE = 'loki';

/** Channel of the messages, which the user replaces. */
const CHANNEL = '#alerts';

export interface NewAppProps {
  /** Name of the npm package. */
  readonly name: string;
  readonly profile: Profile;
  /** Version, file or URL of this library, as in package.json. */
  readonly library: string;
}

/** Returns the texts of a new app's files by name: a rule of its own and those of the library, in an npm project. */
export function newApp({ name, profile, library }: NewAppProps): Record<string, string> {
  return {
    ...projectFiles({ name, library, setup: SETUP[profile] }),
    'main.ts': mainTs(profile),
    'rules/payments.ts': RULE,
    'rules/payments.test.yaml': ruleTest(profile),
  };
}

const SLACK = `  // A real Slack, and a password for Grafana: Secrets, see README.md.
  slack: { webhookSecret: '${SLACK_WEBHOOK}', channel: '${CHANNEL}' },
  grafana: { adminSecret: '${GRAFANA_ADMIN}' },
`;

/** Options that only some profiles have. */
const OPTIONS: Readonly<Record<Profile, string>> = {
  demo: `  // For a real Slack, create the Secret (see README.md) and add:
  // slack: { webhookSecret: '${SLACK_WEBHOOK}', channel: '${CHANNEL}' },
`,
  single: `${SLACK}  loki: { retention: '30d', storage: '50Gi' },
`,
  distributed: `${SLACK}  loki: {
    retention: '90d',
    objectStorage: {
      endpoint: 'https://s3.example.com',
      region: 'us-east-1',
      bucket: 'example-loki',
      credentialsSecret: '${OBJECT_STORAGE}',
    },
  },
`,
  external: `${SLACK}  // The ConfigMaps with the rules are for the sidecar of Loki's Helm chart; other forms are in the docs.
  loki: {
    external: { url: '${LOKI_URL}', rules: { as: 'configmap', namespace: '${LOKI_NAMESPACE}' } },
  },
`,
};

/** Included rules. Those of `silence` and `pipeline` read the logs of the stack's own Loki and collector. */
const INCLUDED: Readonly<Record<Profile, readonly string[]>> = {
  demo: ['highLogRate', 'errors', 'silence', 'noLogs', 'pipeline'],
  single: ['highLogRate', 'errors', 'silence', 'noLogs', 'pipeline'],
  distributed: ['highLogRate', 'errors', 'silence', 'noLogs', 'pipeline'],
  external: ['highLogRate', 'errors', 'noLogs'],
};

function mainTs(profile: Profile): string {
  const ofCluster = profile !== 'demo';
  const included = INCLUDED[profile];
  const imported = [...included, 'HIGH_LOG_RATE', 'RUNBOOK'].sort((a, b) => a.localeCompare(b, 'en'));
  return `import { App } from 'cdk8s';
import { LogAlerting } from 'loki-alerts';
import { ${imported.join(', ')} } from 'loki-alerts/rules';
import { payments } from './rules/payments';

/** Address at which users open Grafana, for the links in messages. */
const links = { grafanaUrl: '${ofCluster ? GRAFANA_URL : 'http://localhost:3000'}' };

const app = new App();
new LogAlerting(app, 'log-alerting', {
  profile: '${profile}',
  ...links,
${ofCluster ? `  alertmanagerUrl: '${ALERTMANAGER_URL}',\n` : ''}  // Your rules, then those of the library.
  rules: [payments, ${included.map((rule) => `${rule}(links)`).join(', ')}],
  rateAlert: HIGH_LOG_RATE,
  runbook: RUNBOOK,
${OPTIONS[profile]}});
app.synth();
`;
}

const RULE = `import { logql, type RuleFile } from 'loki-alerts';

/** App whose log the rule reads. */
const app = 'payments';

/** Alerts on the payments service. */
export const payments: RuleFile = {
  name: 'payments.yaml',
  groups: [
    {
      name: 'payments',
      rules: [
        {
          alert: 'PaymentErrors',
          expr: logql\`sum by (namespace, app) (rate({app=\${app}} |= "level=error" [5m])) > 1\`,
          for: '5m',
          // These two labels select the route to the channel of the devops team.
          labels: { severity: 'warning', team: 'devops' },
          annotations: {
            title: 'Payments fail: {{ $labels.namespace }}',
            description: '{{ $value | printf "%.1f" }} errors per second.',
          },
        },
      ],
    },
  ],
};
`;

const ruleTest = (
  profile: Profile,
) => `# yaml-language-server: $schema=../node_modules/loki-alerts/schemas/rule-test.schema.json
# The rule and the routes as synthesized, which is what the cluster receives: first run \`npm run synth\`.
rule_files: [../dist/${profile === 'external' ? LOKI_NAMESPACE : 'logging'}.k8s.yaml]
alertmanager_config: ../dist/logging.k8s.yaml
evaluation_interval: 1m
tests:
  - name: sends a Slack message for sustained errors
    input_streams:
      - labels: '{job="shop/payments", namespace="shop", app="payments"}'
        lines:
          - { to: 15m, rate: 2/s, line: 'level=error msg="card {{n}} refused"' }
    alert_rule_test:
      - { eval_time: 4m, alertname: PaymentErrors, exp_state: pending }
      - { eval_time: 12m, alertname: PaymentErrors, exp_state: firing }
    notification_test:
      - eval_time: 12m
        exp_notifications:
          - receiver: warning-devops-slack
            status: firing
            title: ":fire: [FIRING] Payments fail: shop"

  - name: ignores a few errors
    input_streams:
      - labels: '{job="shop/payments", namespace="shop", app="payments"}'
        lines:
          - { to: 15m, rate: 6/m, line: 'level=error msg="card {{n}} refused"' }
    alert_rule_test:
      - { eval_time: 12m, alertname: PaymentErrors, exp_alerts: [] }
`;

const SLACK_APP = `With the token of a Slack app instead of a webhook, the message of an incident is edited, or its updates are replies:
\`npx loki-alerts explain receivers\`.
`;

const DEMO_SETUP = `The demo floods the log of a web service, and its slack-inbox logs the messages that Slack would receive:

\`\`\`sh
kubectl -n demo logs deployment/slack-inbox | grep FIRING
\`\`\`

For a real Slack, create the Secret and set \`slack\` in \`main.ts\`:

\`\`\`sh
kubectl -n logging create secret generic ${SLACK_WEBHOOK} --from-literal=url=https://hooks.slack.com/services/…
\`\`\`

${SLACK_APP}`;

const SECRETS = `First create the Secrets, with Sealed Secrets, the External Secrets Operator, or:

\`\`\`sh
kubectl create namespace logging
kubectl -n logging create secret generic ${SLACK_WEBHOOK} --from-literal=url=https://hooks.slack.com/services/…
kubectl -n logging create secret generic ${GRAFANA_ADMIN} --from-literal=user=admin --from-literal=password="$(openssl rand -base64 24)"
`;

/** Steps in the cluster before the first apply, for README.md. */
const SETUP: Readonly<Record<Profile, string>> = {
  demo: DEMO_SETUP,
  single: `${SECRETS}\`\`\`\n\n${SLACK_APP}`,
  external: `${SECRETS}\`\`\`\n\n${SLACK_APP}`,
  distributed: `${SECRETS}kubectl -n logging create secret generic ${OBJECT_STORAGE} --from-literal=AWS_ACCESS_KEY_ID=… --from-literal=AWS_SECRET_ACCESS_KEY=…
\`\`\`

${SLACK_APP}`,
};
