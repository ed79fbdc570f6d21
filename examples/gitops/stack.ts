import { App } from 'cdk8s';
import { LogAlerting, type RuleFile, type SingleLokiOptions, slackReceiver } from 'loki-alerts';
import { HIGH_LOG_RATE, RUNBOOK } from 'loki-alerts/rules';

/** Settings that differ between the environments, each of which is a cluster. */
export interface Environment {
  /** Domain of the environment; Grafana is at `grafana.<domain>`. */
  readonly domain: string;
  /** Slack channel of its messages; those of a team go to `<channel>-<team>`. */
  readonly channel: string;
  readonly rules: (links: Links) => readonly RuleFile[];
  readonly loki: SingleLokiOptions;
}

/** Targets of the links in messages. */
export interface Links {
  readonly grafanaUrl: string;
}

/** Writes the manifests of an environment. All settings that are not in `Environment` are the same for each. */
export function synthesize({ domain, channel, rules, loki }: Environment): void {
  const links: Links = { grafanaUrl: `https://grafana.${domain}` };
  const slack = { webhookSecret: 'slack-webhook', channel };
  const app = new App();
  new LogAlerting(app, 'log-alerting', {
    profile: 'single',
    ...links,
    alertmanagerUrl: `https://alertmanager.${domain}`,
    rateAlert: HIGH_LOG_RATE,
    runbook: RUNBOOK,
    rules: rules(links),
    slack,
    grafana: { adminSecret: 'grafana-admin' },
    loki,
    // Its custom resource definitions must be in the cluster first, see argocd/ and flux/.
    monitoring: { namespace: 'monitoring' },
    routing: {
      routes: [{ matchers: ['team="payments"'], receiver: 'payments-slack' }],
      receivers: [slackReceiver({ ...slack, name: 'payments-slack', channel: `${channel}-payments` })],
      repeatInterval: '12h',
    },
    // Warnings fail the synthesis too, so that none goes unnoticed.
    strict: true,
  });
  app.synth();
}
